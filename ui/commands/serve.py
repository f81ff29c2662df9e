"""`playhead serve`: the web page."""

from __future__ import annotations

import click

HOST = "127.0.0.1"


@click.command(short_help="Open the web page.")
@click.option("--port", type=click.IntRange(1, 65535), default=7860, show_default=True)
@click.pass_obj
def serve(obj: dict[str, str | None], port: int) -> None:
    """Open the web page on this machine: ask, and click a citation to watch it."""
    import socket

    import uvicorn

    from playhead.errors import SettingsError
    from ui.web.app import build_app
    from ui.wiring import open_playhead

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise SettingsError(
                f"port {port} is taken: {error.strerror}", "Choose another with --port"
            ) from error
    with open_playhead(**obj) as app:
        click.echo(f"Playhead is at http://{HOST}:{port} (Ctrl-C ends it)", err=True)
        uvicorn.run(build_app(app), host=HOST, port=port, log_level="warning")
