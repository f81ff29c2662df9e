"""The command `playhead serve`: to whom it opens, what it says, and how it ends."""

from __future__ import annotations

import base64
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ui.commandline import SCRIPT, Playhead
from tests.ui.web.raw_http import Reply, asked, posted
from ui.web.server import listening
from ui.web.site import MAX_UPLOAD_BYTES

PASSWORD = "pässwörd:x"
GREETING = "Playhead is at "


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, once it has said where it is."""
    with subprocess.Popen(
        [SCRIPT, "serve", *arguments],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(process: subprocess.Popen[str], number: signal.Signals) -> tuple[str, float]:
    """What it said on stderr until it ended by a signal, and after how many seconds that was."""
    before = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate()
    assert (process.returncode, out) == (0, "")
    return err, time.monotonic() - before


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "box.example", ""])
def test_others_are_let_in_only_on_purpose(host: str, playhead: Playhead) -> None:
    run = playhead("serve", "--host", host)
    assert (run.status, run.out) == (2, "")
    assert "--auth USER:PASSWORD" in run.err
    assert "--no-auth" in run.err


@pytest.mark.parametrize(
    "options",
    [
        ["--auth", "ann"],
        ["--auth", "ann:"],
        ["--auth", ":secret"],
        ["--auth", " : "],
        ["--auth", "ann:secret\nbob:secret"],
        ["--auth", "ann:secret", "--no-auth"],
        ["--auth", "ann:secret", "--auth-file", "{file}"],
        ["--auth-file", "{file}", "--no-auth"],
        ["--auth-file", "{file}.none"],
        ["--auth-file", "{empty}"],
        ["--auth-file", "{binary}"],
        ["--auth-file", "{file}/.."],
        ["--max-upload", "much"],
        ["--max-upload", "0"],
        ["--max-upload", "-1GB"],
        ["--port", "0"],
        ["--port", "http"],
    ],
)
def test_what_cannot_be_meant(options: list[str], playhead: Playhead, tmp_path: Path) -> None:
    files = {"file": b"ann:secret\n", "empty": b"\n", "binary": b"\xff\xfe:\x00"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    paths = {f"{{{name}}}": str(tmp_path / name) for name in files}
    for mark, path in paths.items():
        options = [option.replace(mark, path) for option in options]
    run = playhead("serve", *options)
    assert (run.status, run.out) == (2, "")
    assert "secret" not in run.err


def test_a_bad_password_in_the_environment(
    playhead: Playhead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYHEAD_AUTH", "secret")
    run = playhead("serve")
    assert run.status == 2
    assert "PLAYHEAD_AUTH" in run.err
    assert "secret" not in run.err


def test_a_port_that_is_taken(playhead: Playhead, library: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = playhead("serve", "--port", str(port)).failure()
    assert f"port {port} is taken" in line
    assert "--port" in line


def test_an_address_of_another_machine(playhead: Playhead, library: Path) -> None:
    line = playhead("serve", "--host", "203.0.113.9", "--no-auth").failure()
    assert "'203.0.113.9' is no address of this machine" in line
    assert "--host" in line


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_responses_are_not_held_back(host: str, free_port: int) -> None:
    """Nagle's algorithm makes each take 40 ms more, and what is accepted inherits it."""
    with (
        listening(host, free_port) as listener,
        socket.create_connection(listener.getsockname()[:2]),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_every_address_is_those_of_both_protocols(free_port: int) -> None:
    with (
        listening("::", free_port),
        socket.create_connection(("127.0.0.1", free_port)),
        socket.create_connection(("::1", free_port)),
    ):
        pass


def test_for_this_machine_until_it_is_interrupted(
    own_library: Path, free_port: int, playhead: Playhead
) -> None:
    """While a page is still open."""
    with running("--port", str(free_port)) as process:
        assert process.stderr
        assert f"{GREETING}http://127.0.0.1:{free_port}" in process.stderr.readline()
        assert asked(free_port, "/").status == 200
        site = asked(free_port, "/api/site").json
        assert (site["local"], site["max_upload"]) == (True, MAX_UPLOAD_BYTES)
        with socket.create_connection(("127.0.0.1", free_port)) as page:
            page.sendall(b"GET /gradio_api/heartbeat/abc HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert page.recv(12) == b"HTTP/1.1 200"
            err, seconds = ended(process, signal.SIGINT)
    assert "Traceback" not in err
    assert seconds < 5
    # Nothing is left that would lock others out.
    assert playhead("search", "thunder", "--json").done().json["hits"]


def test_for_others_who_know_the_password(own_library: Path, free_port: int) -> None:
    options = ["--port", str(free_port), "--host", "0.0.0.0", "--max-upload", "5MB", "--mcp"]
    with running(*options, PLAYHEAD_AUTH=f"ann:{PASSWORD}") as process:
        assert process.stderr
        greeting = process.stderr.readline()
        assert f"http://127.0.0.1:{free_port} and http://{socket.gethostname()}" in greeting
        for path in ("/", "/api/videos", "/playhead/page.js", "/mcp"):
            assert asked(free_port, path, host="box.example").status == 401
        site = known(free_port, "/api/site").json
        assert (site["local"], site["max_upload"]) == (False, 5_000_000)
        assert known(free_port, "/").status == 200
        assert posted(free_port, "/mcp", {}, Authorization=basic()).status == 406
        err, _ = ended(process, signal.SIGTERM)
    assert "Traceback" not in err
    assert PASSWORD not in greeting + err


def known(port: int, path: str) -> Reply:
    """What somebody gets who knows the password."""
    return asked(port, path, host="box.example", headers={"Authorization": basic()})


def basic() -> str:
    return f"Basic {base64.b64encode(f'ann:{PASSWORD}'.encode()).decode()}"
