"""Bad media by the hundred: damaged, strange and lying files through the product, one by one.

    python -m eval.bench.fuzz [--cases N] [--seed N] [--kind WORD]

Each file goes through a child process of its own, with a limit on its time and memory. It must end
in the truth (every sentence of the clip where a player plays it) or in one clear line; where the
damage is in the content itself, in what is left of it. Prints a table by kind, and every failure;
exits 1 if there is one. Needs Linux or macOS (`fork`).
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from eval.bench.fuzzing.cases import Case, base
from eval.bench.fuzzing.damage import DAMAGES, cut_off
from eval.bench.fuzzing.clips import FORMATS, captions
from eval.bench.fuzzing.lies import lies
from eval.bench.fuzzing.running import WAYS, Outcome, run
from eval.bench.fuzzing.verdicts import anything, refused, right_or_refused, some_or_refused

_PASSED = ("right", "one line", "short", "altered")
_FAILED = ("wrong", "noise", "traceback", "memory", "hang", "crash")
_STATE_LENGTH = {"mp4", "mp4 for the web", "mkv", "webm", "wav", "flac", "avi"}
_CLEARLY = 0.8


def main() -> int:
    """Run the cases asked for; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cases", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", default="")
    options = parser.parse_args()
    tally: Counter[tuple[str, str]] = Counter()
    with TemporaryDirectory(prefix="playhead-fuzz-") as folder:
        for number, case in enumerate(_chosen(options.cases, options.seed)):
            if options.kind not in case.kind:
                continue
            outcome = _tried(case, Path(folder) / str(number), Random(f"{options.seed}.{number}"))
            tally[case.kind, outcome.verdict] += 1
            if outcome.verdict in _FAILED:
                print(f"{case.kind}, {case.name}, {case.way}: {outcome.verdict}: {outcome.detail}")
    _print_table(tally)
    return int(any(verdict in _FAILED for _, verdict in tally))


def _tried(case: Case, folder: Path, rng: Random) -> Outcome:
    folder.mkdir()
    path = case.make(folder, rng)
    return run(path, case.way, case.expected, folder)


def _chosen(count: int, seed: int) -> Iterator[Case]:
    rng = Random(seed)
    strange = list(lies())
    if len(strange) > count // 2:
        strange = rng.sample(strange, count // 2)
    yield from strange
    for _ in range(count - len(strange)):
        yield _random_case(rng)


def _random_case(rng: Random) -> Case:
    name, way = rng.choice(list(FORMATS)), rng.choice(WAYS)
    kind = rng.choice(["cut off", *DAMAGES])
    content = base(name)
    worse = cut_off(content, rng) if kind == "cut off" else DAMAGES[kind](content, rng)
    expected = anything()
    if kind == "cut off":
        expected = some_or_refused()
        if name in _STATE_LENGTH:
            clear = len(worse) < _CLEARLY * len(content)
            expected = refused() if clear else right_or_refused()
    beside = way == "captions" and (FORMATS[name].subtitles is None or rng.random() < 0.5)

    def make(folder: Path, rng: Random) -> Path:
        path = folder / f"talk{FORMATS[name].suffix}"
        path.write_bytes(worse)
        if beside:
            path.with_suffix(".vtt").write_text(captions(), "utf-8")
        return path

    return Case(kind, name, way, expected, make)


def _print_table(tally: Counter[tuple[str, str]]) -> None:
    columns = (*_PASSED, *_FAILED)
    print(f"{'':30}{'tried':>10}" + "".join(f"{column:>10}" for column in columns))
    for kind in sorted({kind for kind, _ in tally}):
        counts = [tally[kind, column] for column in columns]
        print(f"{kind:30}{sum(counts):>10}" + "".join(f"{count or '':>10}" for count in counts))
    sums = [sum(n for (_, verdict), n in tally.items() if verdict == column) for column in columns]
    print(f"{'all':30}{sum(sums):>10}" + "".join(f"{count or '':>10}" for count in sums))


if __name__ == "__main__":
    sys.exit(main())
