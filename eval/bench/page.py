"""What a reader of the page waits for: a click that plays, an answer, and everybody else.

    python -m eval.bench.page FOLDER

Keeps a recording of two hours (180 MB) and two small libraries in FOLDER, serves them, and measures
in Chromium (Debian: `apt install chromium`) and by HTTP:

- from a click on a citation until that moment plays, and from a shared link, against seeking in
  Chromium's own player;
- from a question to its first claim and to the whole answer, on the library of `playhead demo`,
  against the same questions to `/api/ask`;
- 20 readers who ask at once, through the page's queue and `/api/ask`, against one alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from secrets import token_hex
from threading import Barrier
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.bench.long_video import TOPICS, make_long_video, topic_seconds

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

READERS = 20
QUESTIONS_EACH = 5
COLD = 5
_PLAYHEAD = [sys.executable, "-c", "from ui.cli import run; run()"]
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
              "--autoplay-policy=no-user-gesture-required")  # fmt: skip
_DEMO_QUESTIONS = Path(__file__).parent.parent / "data" / "demo" / "questions.jsonl"

_PLAYING = """
const playing = (start) => new Promise((done) => {
  const look = () => {
    const player = document.querySelector("#player, body > video");
    const there = player && !player.paused && !player.seeking && player.readyState > 2
      && Math.abs(player.currentTime - start) < 0.5;
    if (there) done(); else setTimeout(look, 2);
  };
  look();
});
"""
_CLICK = f"""async ([number, start]) => {{ {_PLAYING}
  const answer = document.querySelectorAll("[data-answer]")[number];
  const from = performance.now();
  answer.querySelector("a[data-citation]").click();
  await playing(start);
  return performance.now() - from;
}}"""
_SEEK = f"""async (start) => {{ {_PLAYING}
  const player = document.querySelector("video");
  const from = performance.now();
  player.currentTime = start;
  player.play();
  await playing(start);
  return performance.now() - from;
}}"""
_OPENED = f"async (start) => {{ {_PLAYING} await playing(start); return performance.now(); }}"
_WATCH_FOR_ANSWER = """() => {
  const whole = () => document.querySelectorAll("[data-answer]").length;
  const claims = () => document.querySelectorAll("a[data-citation], [data-refused]").length;
  const before = [claims(), whole()];
  window.answered = new Promise((done) => {
    addEventListener("keydown", () => {
      const from = performance.now();
      let first = null;
      const look = () => {
        if (first === null && claims() > before[0]) first = performance.now() - from;
        if (whole() > before[1]) done([first, performance.now() - from]);
        else setTimeout(look, 2);
      };
      look();
    }, { capture: true, once: true });
  });
}"""

Milliseconds = list[float]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="keeps what is made, for the next time")
    folder = parser.parse_args().folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{'':42}{'n':>5}{'p50':>9}{'p95':>9}")
    with _browser() as browser, _served(_long_library(folder)) as port:
        measure_clicks(browser, port)
    with _served(_demo_library(folder)) as port:
        with _browser() as browser:
            measure_answers(browser, port)
        measure_crowds(port)


def measure_clicks(browser: Browser, port: int) -> None:
    """From a click to the moment, anywhere in two hours."""
    starts = [float(topic_seconds(number)) for number in range(len(TOPICS))]
    page = _opened(browser, port)
    for number, topic in enumerate(TOPICS):
        _ask(page, f"What did the council decide about the {topic}?")
        page.locator("[data-answer]").nth(number).wait_for()
    chips = page.locator("[data-answer]").all()
    cited = [answer.locator("a[data-citation]").first for answer in chips]
    at = [float(chip.get_attribute("data-start") or "nan") for chip in cited]
    assert np.allclose(at, starts, atol=0.5), "an answer does not cite its topic"
    video_id = cited[0].get_attribute("data-video-id")
    clicked = [page.evaluate(_CLICK, [number, start]) for number, start in enumerate(at)]
    page.goto(f"http://127.0.0.1:{port}/media/{video_id}")
    bare = [page.evaluate(_SEEK, start) for start in at]
    page.context.close()
    links = [
        _link_opened(browser, port, f"/watch/{video_id}#t={at[n]}", at[n]) for n in range(COLD)
    ]
    _row("Chromium's own player: seek to playing", bare)
    _row("a click on a citation to playing", clicked, ("its own player", bare))
    _row("a shared link, cold, to playing", links, ("its own player", bare))


def measure_answers(browser: Browser, port: int) -> None:
    """From Enter to the first claim, and to the whole answer."""
    questions = _demo_questions()[:READERS]
    page = _opened(browser, port)
    both = []
    for question in questions:
        page.evaluate(_WATCH_FOR_ANSWER)
        _ask(page, question)
        both.append(page.evaluate("() => window.answered"))
    page.context.close()
    alone = [_timed(partial(_ask_api, port, question)) for question in questions]
    _row("/api/ask", alone)
    _row("Enter to the first claim", [first for first, _ in both], ("/api/ask", alone))
    _row("Enter to the whole answer", [whole for _, whole in both], ("/api/ask", alone))


def measure_crowds(port: int) -> None:
    """One reader, then twenty at once, each with several questions in a row."""
    for name, ask in (("page's queue", _ask_queue), ("/api/ask", _ask_api)):
        alone, _ = _crowd(1, port, ask)
        together, errors = _crowd(READERS, port, ask)
        _row(f"one reader, {name}", alone)
        _row(f"{READERS} readers at once, {name}, {errors} errors", together, ("one reader", alone))


def _row(name: str, taken: Milliseconds, against: tuple[str, Milliseconds] | None = None) -> None:
    p50, p95 = np.percentile(taken, [50, 95])
    ratio = f"  {p50 / np.median(against[1]):5.1f} x {against[0]}" if against else ""
    print(f"{name:42}{len(taken):5}{p50:6.0f} ms{p95:6.0f} ms{ratio}", flush=True)


@contextmanager
def _browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if path is None:
        raise SystemExit("there is no Chromium (Debian: apt install chromium)")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS)) as browser,
    ):
        yield browser


def _opened(browser: Browser, port: int) -> Page:
    page = browser.new_context().new_page()
    page.goto(f"http://127.0.0.1:{port}/")
    page.get_by_label("Ask your videos").wait_for()
    return page


def _ask(page: Page, question: str) -> None:
    box = page.get_by_label("Ask your videos")
    box.fill(question)
    box.press("Enter")


def _link_opened(browser: Browser, port: int, path: str, start: float) -> float:
    page = browser.new_context().new_page()
    page.goto(f"http://127.0.0.1:{port}{path}", wait_until="commit")
    taken = float(page.evaluate(_OPENED, start))
    page.context.close()
    return taken


def _long_library(folder: Path) -> Path:
    home = folder / "long"
    video = make_long_video(folder / "town-hall.mp4")
    if not home.exists():
        _playhead(home, "ingest", str(video))
    return home


def _demo_library(folder: Path) -> Path:
    home = folder / "demo"
    if not home.exists():
        _playhead(home, "demo")
    return home


def _demo_questions() -> list[str]:
    """Those that the demo's talks answer, in an order in which the talks alternate."""
    rows = [json.loads(line) for line in _DEMO_QUESTIONS.read_text("utf-8").splitlines()]
    asked = [row["question"] for row in rows if row["answerable"]]
    return [asked[n * 7 % len(asked)] for n in range(len(asked))]


def _playhead(home: Path, *arguments: str) -> None:
    subprocess.run(  # noqa: S603 - ourselves
        [*_PLAYHEAD, "--home", str(home), *arguments], check=True, stdout=subprocess.DEVNULL
    )


@contextmanager
def _served(home: Path) -> Iterator[int]:
    """A server of a library; its port, once it has answered a first question."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [*_PLAYHEAD, "--home", str(home), "serve", "--port", str(port)]
    with subprocess.Popen(  # noqa: S603 - ourselves
        command, stderr=subprocess.DEVNULL, env=os.environ | {"HF_HUB_OFFLINE": "1"}
    ) as server:
        try:
            while not _answers(port):
                if server.poll() is not None:
                    raise SystemExit("the server ended before it answered")
                time.sleep(0.2)
            yield port
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)


def _answers(port: int) -> bool:
    try:
        _ask_api(port, "Is anybody there?")
    except ConnectionError:
        return False
    return True


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _crowd(readers: int, port: int, ask: Callable[[int, str], None]) -> tuple[Milliseconds, int]:
    """How long each question took, and how many failed; all begin together."""
    questions, together = _demo_questions(), Barrier(readers)

    def read(reader: int) -> list[float | None]:
        together.wait()
        mine = (questions[(reader + n * READERS) % len(questions)] for n in range(QUESTIONS_EACH))
        return [_tried(partial(ask, port, question)) for question in mine]

    with ThreadPoolExecutor(readers) as pool:
        taken = [one for of_reader in pool.map(read, range(readers)) for one in of_reader]
    good = [one for one in taken if one is not None]
    return good, len(taken) - len(good)


def _tried(work: Callable[[], object]) -> float | None:
    try:
        return _timed(work)
    except (OSError, AssertionError):
        return None


def _ask_api(port: int, question: str) -> None:
    with _posted(port, "/api/ask", {"question": question}) as response:
        assert "claims" in json.load(response)


def _ask_queue(port: int, question: str) -> None:
    """As the page does: join Gradio's queue, and read events until the answer is whole."""
    session = token_hex(6)
    asked = {"data": [question, "", None], "fn_index": 0, "session_hash": session}
    with _posted(port, "/gradio_api/queue/join", asked) as response:
        response.read()
    with _got(port, f"/gradio_api/queue/data?session_hash={session}") as events:
        for line in events:
            event = json.loads(line[5:]) if line.startswith(b"data:") else {"msg": ""}
            if event["msg"] == "process_completed":
                assert event["success"]
                return
    raise AssertionError("the events ended before the answer")


@contextmanager
def _posted(port: int, path: str, body: dict[str, Any]) -> Iterator[HTTPResponse]:
    headers = {"Content-Type": "application/json"}
    with _response(port, "POST", path, json.dumps(body), headers) as response:
        yield response


@contextmanager
def _got(port: int, path: str) -> Iterator[HTTPResponse]:
    with _response(port, "GET", path, None, {}) as response:
        yield response


@contextmanager
def _response(
    port: int, method: str, path: str, body: str | None, headers: dict[str, str]
) -> Iterator[HTTPResponse]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        assert response.status == HTTPStatus.OK, response.status
        yield response
    finally:
        connection.close()


if __name__ == "__main__":
    main()
