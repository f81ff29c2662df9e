"""Bad media by the hundred: damaged, strange and lying files through the product, one by one.

    python -m eval.bench.fuzz [--cases N] [--seed N] [--kind WORD] [--limit SECONDS]

Each file goes through a child process of its own, with a limit on its time and memory. It must end
in the truth (every sentence of the clip where a player plays it) or in one clear line; where the
damage is in the content itself, in what is left of it. Prints every failure and a table by kind;
exits 1 if anything failed. Needs `os.fork`: Linux or macOS.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from eval.bench.fuzzing.damage import damaged
from eval.bench.fuzzing.running import ENDS, FAILURES, Case, run
from eval.bench.fuzzing.strange import strange

Tally = Counter[tuple[str, str]]


def main() -> int:
    """Run the cases asked for; gives the exit code."""
    parser = argparse.ArgumentParser(description="Bad media by the hundred.")
    parser.add_argument("--cases", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", default="")
    parser.add_argument("--limit", type=float, default=30.0)
    options = parser.parse_args()
    tally: Tally = Counter()
    with TemporaryDirectory(prefix="playhead-fuzz-") as folder:
        for number, case in enumerate(_cases(options.cases, options.seed)):
            if options.kind in case.kind:
                _try(case, Path(folder) / str(number), options.limit, tally)
    _print_table(tally)
    return int(any(end in FAILURES for _, end in tally))


def _cases(count: int, seed: int) -> list[Case]:
    """The strange files, each once where there is room for half as many, and random damage."""
    rng = Random(seed)
    cases = list(strange())
    cases = rng.sample(cases, min(len(cases), count // 2))
    return cases + [damaged(rng) for _ in range(count - len(cases))]


def _try(case: Case, folder: Path, limit: float, tally: Tally) -> None:
    folder.mkdir()
    end, why = run(case, folder, limit)
    tally[case.kind, end] += 1
    if end in FAILURES:
        print(f"{case.kind}, {case.name}, {case.way}: {end}: {why}", flush=True)


def _print_table(tally: Tally) -> None:
    columns = (*ENDS, *FAILURES)
    print(f"{'':28}{'tried':>10}" + "".join(f"{column:>10}" for column in columns))
    kinds = {kind: [tally[kind, column] for column in columns] for kind, _ in sorted(tally)}
    kinds["all"] = [sum(counts) for counts in zip(*kinds.values(), strict=True)]
    for kind, counts in kinds.items():
        print(f"{kind:28}{sum(counts):>10}" + "".join(f"{count or '':>10}" for count in counts))


if __name__ == "__main__":
    sys.exit(main())
