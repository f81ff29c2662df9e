"""Many files at once: each comes to its own end, and nothing is left running."""

from __future__ import annotations

import json
import multiprocessing
import os
import select
import signal
from pathlib import Path

import pytest

from ingest.options import IngestOptions
from playhead.progress import ProgressEvent
from tests.media import tone, write_media
from tests.ui.commandline import BREAD, KEEPER, Playhead, another_process, folders, write_captions
from ui.batch import Done, Failed, ingest_paths
from ui.wiring import open_playhead
from ui.workers import Worker

_LONG_WORK = """
import sys
from pathlib import Path
from ingest.options import IngestOptions
from playhead.progress import ProgressEvent
from ui.workers import Worker
import multiprocessing

def tell(event):
    print(multiprocessing.active_children()[0].pid, flush=True)
    sys.stdin.read()

Worker(Path(sys.argv[2])).take_in(Path(sys.argv[1]), IngestOptions("pocketsphinx"), tell)
"""


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    for number in range(5):
        write_captions(folder / f"{number}.vtt", f"{KEEPER} {number}.")
        write_media(folder / f"{number}.wav", sound=tone(10, 300.0 + number))
    (folder / "2.wav").write_bytes(b"no sound")
    return folder


@pytest.mark.parametrize("jobs", [1, 2, 8])
def test_each_file_comes_to_its_end(videos: Path, home: Path, jobs: int) -> None:
    missing = videos / "none.mp4"
    with open_playhead() as app:
        outcomes = list(ingest_paths(app, [missing, videos], IngestOptions(), jobs=jobs))
        indexed = app.store.video_counts()
    done = [outcome for outcome in outcomes if isinstance(outcome, Done)]
    failed = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
    assert sorted(Path(one.path).stem for one in done) == ["0", "1", "3", "4"]
    assert [Path(one.path or "none").stem for one in failed] == ["none", "2"]
    assert indexed == {one.video.id: 1 for one in done}
    assert folders(home) == sorted(indexed)
    assert multiprocessing.active_children() == []


def test_with_one_job_they_come_in_order(videos: Path) -> None:
    with open_playhead() as app:
        paths = [videos / f"{number}.wav" for number in (3, 2, 0)]
        outcomes = list(ingest_paths(app, paths, IngestOptions()))
    assert [Path(outcome.path or "").stem for outcome in outcomes] == ["3", "2", "0"]


def test_who_has_seen_enough_leaves_nothing_running(videos: Path) -> None:
    with open_playhead() as app:
        outcomes = ingest_paths(app, [videos], IngestOptions(), jobs=2)
        next(outcomes)
        outcomes.close()
    assert multiprocessing.active_children() == []


def test_one_that_breaks_its_process_down_stops_nobody(
    videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in = Worker.take_in

    def taken_in(self: Worker, source: Path, options: IngestOptions, tell: object) -> object:
        def kill(_event: ProgressEvent) -> None:
            for process in multiprocessing.active_children():
                os.kill(process.pid or 0, signal.SIGKILL)

        if source.stem != "1":
            return take_in(self, source, options, tell)  # type: ignore[arg-type]
        source.with_suffix(".vtt").unlink()
        return take_in(self, source, IngestOptions("pocketsphinx"), kill)

    monkeypatch.setattr(Worker, "take_in", taken_in)
    with open_playhead() as app:
        outcomes = list(ingest_paths(app, [videos], IngestOptions()))
    stems = [Path(one.path or "").stem for one in outcomes if isinstance(one, Failed)]
    assert stems == ["1", "2"]
    assert "break down" in str(next(one for one in outcomes if isinstance(one, Failed)).error)


def test_a_worker_dies_with_its_parent(tmp_path: Path, home: Path) -> None:
    """Else it would go on for hours beside the one that the same command starts."""
    sound = write_media(tmp_path / "hum.wav", sound=tone(30))
    script = _LONG_WORK.replace("def tell", 'print("ready", flush=True)\n\ndef tell')
    with another_process(script, str(sound), str(home), says="ready") as process:
        assert process.stdout
        worker = os.pidfd_open(int(process.stdout.readline()))
        process.kill()
        ended, _, _ = select.select([worker], [], [], 30)
        os.close(worker)
    assert ended


def test_jobs_on_the_command_line(playhead: Playhead, videos: Path) -> None:
    run = playhead("ingest", videos, "--jobs", "2", "--json")
    assert run.status == 1
    states = {Path(row["path"]).stem: row["status"] for row in json.loads(run.out)["files"]}
    assert states == {"0": "added", "1": "added", "2": "failed", "3": "added", "4": "added"}
    assert playhead("ingest", videos, "--jobs", "0").status == 2


def test_a_path_that_is_not_there_is_named(playhead: Playhead, tmp_path: Path) -> None:
    write_captions(tmp_path / "bread.vtt", BREAD)
    run = playhead("ingest", tmp_path / "none.mp4", "--json")
    (row,) = run.json["files"]
    assert row["path"] == str(tmp_path / "none.mp4")
