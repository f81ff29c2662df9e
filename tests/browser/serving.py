"""`playhead serve` as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

from tests.ui.commandline import SCRIPT

_SECONDS_TO_START = 60.0
_SECONDS_TO_END = 10.0


@contextmanager
def serving(home: Path, *options: str) -> Iterator[str]:
    """Serve a library on a free port; gives the page's address, once it answers.

    At the end the server must go when it is interrupted, and must not have failed in anything.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = home / "serve.log"
    command = [SCRIPT, "serve", "--port", str(port), *options]
    environment = os.environ | {"PLAYHEAD_HOME": str(home), "GRADIO_ANALYTICS_ENABLED": "False"}
    with (
        log.open("wb") as stderr,
        subprocess.Popen(command, stderr=stderr, stdout=stderr, env=environment) as process,
    ):
        try:
            _wait_for(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(_SECONDS_TO_END)
            finally:
                process.kill()
    assert "Traceback" not in log.read_text("utf-8")


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=_SECONDS_TO_START)
            connection.request("GET", "/config")
            assert connection.getresponse().status == 200
            connection.close()
            return
        # Nothing else tells that a process of another program listens.
        time.sleep(0.1)
    raise AssertionError(f"the server did not start: {log.read_text('utf-8')}")
