"""The plots: files that are pictures, say what they show, and are the same for the same runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from eval.plots import plot_noise, plot_runs
from eval.runs import QuestionResult, StoredRun
from tests.eval.run_folders import stored


def run(name: str, ranks: list[int], **fields: object) -> StoredRun:
    questions = [
        QuestionResult(
            f"q{i}", "v", "?", {"RR@10": 1 / rank, "Success@1": float(rank == 1), "seek_error": 3.0}
        )
        for i, rank in enumerate(ranks)
    ]
    return stored(questions, name, **fields)


RUNS = [run("default", [1, 1, 2, 4] * 5), run("bm25", [2, 3, 5, 1] * 5), run("dense", [1] * 20)]
NOISY = [
    run(name, [1 + int(20 * noise), 2] * 10, noise=noise)
    for name in ("default", "bm25")
    for noise in (0.0, 0.1, 0.4)
]


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def colours(path: Path) -> set[tuple[int, ...]]:
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    return {tuple(pixel) for pixel in np.unique(pixels, axis=0).tolist()}


def test_a_plot_is_a_png_and_an_svg_that_show_the_default_in_its_colour(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    png, svg = plot_runs(RUNS, folder / "report")
    assert sorted(folder.iterdir()) == [png, svg] == [folder / "report.png", folder / "report.svg"]
    assert (0xD5, 0x5E, 0x00) in colours(png)
    assert "#d55e00" in svg.read_text("utf-8")


def test_twenty_configurations_make_it_higher_not_wider(tmp_path: Path) -> None:
    many = [run(f"configuration {n}", [1 + n % 7, 2] * 10) for n in range(20)]
    few, more = (size(plot_runs(of, tmp_path / "a")[0]) for of in (RUNS, many))
    assert few[0] == more[0] == 1800
    # 17 rows of 0.27 inches at 200 dots an inch.
    assert more[1] - few[1] == pytest.approx(17 * 54, abs=1)


@pytest.mark.parametrize(("plot", "runs"), [(plot_runs, RUNS), (plot_noise, NOISY)])
def test_the_same_runs_give_the_same_files(plot: object, runs: object, tmp_path: Path) -> None:
    for name in ("one", "two"):
        plot(runs, tmp_path / name)  # type: ignore[operator]
    for ending in ("png", "svg"):
        one, two = ((tmp_path / f"{name}.{ending}").read_bytes() for name in ("one", "two"))
        assert one == two
        assert b"date" not in one.lower()


def test_a_user_s_own_style_does_not_change_them(tmp_path: Path) -> None:
    import matplotlib as mpl

    plot_runs(RUNS, tmp_path / "plain")
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "black", "text.color": "white"}):
        plot_runs(RUNS, tmp_path / "styled")
    assert (tmp_path / "plain.png").read_bytes() == (tmp_path / "styled.png").read_bytes()


def test_the_order_of_the_others_does_not_matter(tmp_path: Path) -> None:
    # The first is the default; the rows are sorted by what they reached.
    one, _ = plot_runs(RUNS, tmp_path / "one")
    two, _ = plot_runs([RUNS[0], RUNS[2], RUNS[1]], tmp_path / "two")
    assert one.read_bytes() == two.read_bytes()


def test_one_run_and_a_measure_in_seconds_are_enough(tmp_path: Path) -> None:
    png, _ = plot_runs(RUNS[:1], tmp_path / "one", ["seek_error"])
    assert png.stat().st_size > 1000


def test_the_curve_has_a_colour_for_each_configuration(tmp_path: Path) -> None:
    png, _ = plot_noise(NOISY, tmp_path / "noise")
    assert {(0xD5, 0x5E, 0x00), (0x00, 0x72, 0xB2)} <= colours(png)
    alone, _ = plot_noise(NOISY[:3], tmp_path / "alone")
    assert (0x00, 0x72, 0xB2) not in colours(alone)


def test_the_order_of_the_rates_does_not_matter(tmp_path: Path) -> None:
    one, _ = plot_noise(NOISY, tmp_path / "one")
    two, _ = plot_noise([*NOISY[2::-1], *NOISY[:2:-1]], tmp_path / "two")
    assert one.read_bytes() == two.read_bytes()
