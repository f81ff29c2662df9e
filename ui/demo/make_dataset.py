"""Makes the evaluation set of the demo's talks, `eval/data/demo`: `python -m ui.demo.make_dataset`.

Its transcripts are the talks' true sentences (`truth.json`), which their captions give as well; its
questions come from `scripts/questions.txt`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from ui.demo.making.questions import Row, resolve_questions
from ui.demo.making.timeline import Spoken

HERE = Path(__file__).parent
DATASET = Path(str(files("eval"))) / "data" / "demo"


def main() -> None:
    """Make it from what lies here."""
    write_dataset(DATASET)


def write_dataset(folder: Path) -> None:
    """Write `videos.jsonl` and `questions.jsonl`.

    Raises:
        PlayheadError: a question names a talk or words that are not there.
    """
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    asked = (HERE / "scripts" / "questions.txt").read_text(encoding="utf-8")
    spoken = {
        name: tuple(Spoken(**sentence) for sentence in talk["sentences"])
        for name, talk in truth.items()
    }
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "questions.jsonl", resolve_questions(asked, spoken))
    _write(folder / "videos.jsonl", (_video(name, talk) for name, talk in sorted(truth.items())))


def _video(name: str, talk: Mapping[str, Any]) -> Row:
    segments = [{"id": f"{name}-{i:02}", **said} for i, said in enumerate(talk["sentences"])]
    return {
        "video_id": name,
        "title": talk["title"],
        "duration": talk["duration"],
        "segments": segments,
    }


def _write(path: Path, rows: Iterable[Row]) -> None:
    part = path.with_name(path.name + ".part")
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    part.write_text("".join(lines), encoding="utf-8")
    part.replace(path)


if __name__ == "__main__":
    main()
