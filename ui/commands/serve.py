"""`playhead serve`: the web page."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ui.web.site import Credentials, Site
    from ui.wiring import Playhead


class _Bytes(click.ParamType[int]):
    """A size as people write it: 500MB, 8GB, 2GiB."""

    name = "size"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        from pydantic import ByteSize, TypeAdapter, ValidationError

        try:
            size = TypeAdapter(ByteSize).validate_python(value)
        except ValidationError:
            size = ByteSize(0)
        if size <= 0:
            self.fail(f"{value!r} is no size such as 500MB or 8GB", param, ctx)
        return int(size)


@click.command(short_help="Open the web page.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen at; 0.0.0.0 is every one of this machine.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=7860, show_default=True)
@click.option(
    "--auth",
    metavar="USER:PASSWORD",
    help="Let in only who knows these [env: PLAYHEAD_AUTH, which other users cannot see].",
)
@click.option(
    "--auth-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A file with the line USER:PASSWORD.",
)
@click.option("--no-auth", is_flag=True, help="Let in everybody who can reach the address.")
@click.option(
    "--max-upload",
    type=_Bytes(),
    default="8GB",
    show_default=True,
    metavar="SIZE",
    help="The largest file that may be uploaded.",
)
@click.option("--mcp", is_flag=True, help="Offer search and ask to assistants at /mcp.")
@click.pass_obj
def serve(
    obj: dict[str, str | None],
    host: str,
    port: int,
    auth: str | None,
    auth_file: Path | None,
    *,
    no_auth: bool,
    max_upload: int,
    mcp: bool,
) -> None:
    """Open the web page: ask, and click a citation to watch it.

    It serves this machine alone. For others name an address with --host, and a user and password
    that they need. Programs ask it, too: POST /api/ask and /api/search.
    """
    from ui.web.site import Site, is_loopback

    credentials = _credentials(auth, auth_file, no_auth=no_auth)
    if credentials is None and not no_auth and not is_loopback(host):
        raise click.UsageError(
            f"others can reach {host!r}: give --auth USER:PASSWORD or "
            "--auth-file FILE, or --no-auth to let everybody in"
        )
    # Before Gradio is imported, and whatever the environment says.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from ui.web.server import listening
    from ui.wiring import open_playhead

    site = Site(host, port, credentials, max_upload, mcp)
    with listening(host, port) as listener, open_playhead(**obj) as app, app.sharing():
        click.echo(f"Playhead is at {' and '.join(_urls(site))} (Ctrl-C ends it)", err=True)
        served = _run(app, site, listener)
    # All is closed. Python would take seconds now to put torch away, or wait for a thread in
    # which a language model still talks.
    sys.stderr.flush()
    os._exit(0 if served else 1)


def _credentials(auth: str | None, auth_file: Path | None, *, no_auth: bool) -> Credentials | None:
    """Who may come in; what stands on the command line counts more than the environment."""
    from ui.web.site import Credentials

    if (auth is not None) + (auth_file is not None) + no_auth > 1:
        raise click.UsageError("give one of --auth, --auth-file and --no-auth")
    name, text = "--auth", auth
    if auth_file is not None:
        name, text = "--auth-file", _line_of(auth_file)
    elif auth is None and not no_auth:
        # Set but empty is unset, as for every setting.
        name, text = "PLAYHEAD_AUTH", os.environ.get("PLAYHEAD_AUTH") or None
    if text is None:
        return None
    try:
        return Credentials.parsed(text)
    except ValueError as error:
        # Never with the value: it is a password.
        raise click.UsageError(f"{name}: {error}") from error


def _line_of(path: Path) -> str:
    try:
        return path.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise click.UsageError(f"--auth-file: {path} cannot be read: {reason}") from error


def _urls(site: Site) -> list[str]:
    """Where to find it, to click on."""
    everywhere = site.host in ("0.0.0.0", "::")  # noqa: S104 - told, not bound
    hosts = ["127.0.0.1", socket.gethostname()] if everywhere else [site.host]
    return [f"http://{f'[{host}]' if ':' in host else host}:{site.port}" for host in hosts]


def _run(app: Playhead, site: Site, listener: socket.socket) -> bool:
    """Serve until somebody ends it; whether it ever began."""
    import uvicorn

    from ui.web.app import build_app
    from ui.web.server import Server

    # As Ctrl-C: whoever stops a service wants the index closed, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    config = uvicorn.Config(
        build_app(app, site), ws="none", log_level="warning", server_header=False
    )
    server = Server(config)
    # Not before: the page would come later, and nobody asks sooner than it is there.
    threading.Thread(target=_warm_up, args=(app,), daemon=True).start()
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    return server.started


def _warm_up(app: Playhead) -> None:
    """Load what the first question would have to wait for, and the first video."""
    import av  # noqa: F401 - only loaded

    from playhead.errors import PlayheadError

    # What is wrong is told to whoever asks.
    with suppress(PlayheadError):
        app.searcher.search("warm up")
