"""Configurations by name and from files."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from eval.configs import CONFIGS, DEFAULT, Config, chosen_configs, index_key, read_config
from playhead.errors import SettingsError
from playhead.types import MAX_SEGMENT_SECONDS
from retrieval.plan import DEFAULT_PLAN, LEGS
from retrieval.ranking import is_learned, variant


def names(configs: tuple[Config, ...]) -> list[str]:
    return [config.name for config in configs]


def write(path: Path, text: str) -> str:
    path.write_text(text, "utf-8")
    return str(path)


def test_the_default_is_what_playhead_does_by_itself() -> None:
    assert DEFAULT.plan == DEFAULT_PLAN
    assert DEFAULT.segment_seconds == MAX_SEGMENT_SECONDS
    assert next(iter(CONFIGS)) == "default"


def test_the_default_comes_first_whatever_is_chosen(tmp_path: Path) -> None:
    assert names(chosen_configs([])) == ["default", "dense", "bm25"]
    assert names(chosen_configs(["rrf", "rrf", "default"])) == ["default", "rrf"]
    mine = write(tmp_path / "mine.toml", "")
    assert names(chosen_configs([mine, "bm25"])) == ["default", "mine", "bm25"]


def test_ablations_are_all_that_differ() -> None:
    chosen = chosen_configs([], ablations=True)
    without_names = [replace(config, name="x") for config in chosen]
    assert len(set(without_names)) == len(chosen)
    assert {replace(config, name="x") for config in CONFIGS.values()} == set(without_names)
    legs = {config.legs for config in chosen}
    assert {(leg,) for leg in LEGS} | {("dense", "bm25"), LEGS} < legs
    assert {tuple(leg for leg in LEGS if leg != out) for out in ("sentences", "words")} < legs
    assert {config.context for config in chosen} == {config.titles for config in chosen} == {
        True, False
    }  # fmt: skip
    assert {config.segment_seconds for config in chosen} == {15, 30, 60, 120}
    assert {config.fusion for config in chosen if len(config.legs) == 2} == {"dbsf", "rrf"}
    for count in (3, 4):
        fusions = {config.fusion for config in chosen if len(config.legs) == count}
        assert fusions == {"learned", "dbsf", "rrf"}


def test_the_order_of_legs_does_not_matter() -> None:
    backwards = replace(DEFAULT, legs=LEGS[::-1])
    assert is_learned(backwards.plan)
    assert variant(backwards.plan) == variant(DEFAULT.plan)


def test_ablations_and_a_file_of_one_s_own(tmp_path: Path) -> None:
    mine = write(tmp_path / "mine.toml", "segment_seconds = 45")
    assert names(chosen_configs([mine], ablations=True))[-1] == "mine"


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "long.toml"
    write(path, 'legs = ["bm25", "dense"]\nfusion = "rrf"\nsegment_seconds = 60\n')
    assert read_config(path) == Config("long", ("bm25", "dense"), "rrf", segment_seconds=60.0)
    write(path, 'name = "other"')
    assert read_config(path) == replace(DEFAULT, name="other")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a =", "cannot be read: Invalid value"),
        ("titels = true", "has the key 'titels', which there is not. There are name, legs, fusion"),
        (
            'legs = ["dense", "colbert"]',
            r"\(legs.1\): Input should be 'dense', 'sentences', 'words'",
        ),
        ('legs = "dense"', r"\(legs\): Input should be a valid array"),
        ("legs = []", "a plan needs a leg: dense, sentences, words, bm25"),
        ('legs = ["bm25", "bm25"]', "a leg is named twice"),
        ('fusion = "best"', r"\(fusion\): Input should be"),
        ('legs = ["bm25", "dense"]', "nothing was learned for the legs bm25, dense: name another"),
        ('legs = ["dense", "words", "bm25"]\ncontext = false', "nothing was learned for the legs"),
        ('context = "no"', r"\(context\): Input should be a valid boolean"),
        ('segment_seconds = "60"', r"\(segment_seconds\): Input should be a valid number"),
        ("segment_seconds = true", r"\(segment_seconds\): Input should be a valid number"),
        ("segment_seconds = nan", "segments of nan s cannot be"),
        ("segment_seconds = inf", "segments of inf s cannot be"),
        ("segment_seconds = 0", "segments of 0.0 s cannot be"),
        ("name = 3", r"\(name\): Input should be a valid string"),
        ('name = "../out"', "'../out' is no name"),
        ('name = ""', "'' is no name"),
    ],
)
def test_what_is_no_configuration_is_told_in_one_line(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = tmp_path / "mine.toml"
    write(path, text)
    with pytest.raises(SettingsError, match=complaint) as failure:
        read_config(path)
    assert str(path) in str(failure.value)
    assert len(str(failure.value).splitlines()) == 1


def test_a_name_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no configuration 'best'\. There are default, dense"):
        chosen_configs(["best"])
    with pytest.raises(SettingsError, match=r"best\.toml cannot be read: No such file"):
        chosen_configs([str(tmp_path / "best.toml")])


def test_two_of_one_name(tmp_path: Path) -> None:
    other = write(tmp_path / "bm25.toml", "")
    with pytest.raises(SettingsError, match="two configurations are called 'bm25'"):
        chosen_configs(["bm25", other])
    default = write(tmp_path / "default.toml", 'fusion = "rrf"')
    with pytest.raises(SettingsError, match="two configurations are called 'default'"):
        chosen_configs([default])


def test_what_an_index_is_made_by_is_not_how_it_is_searched() -> None:
    dense = CONFIGS["dense"]
    assert index_key(dense) == index_key(DEFAULT)
    assert index_key(replace(DEFAULT, segment_seconds=60)) != index_key(DEFAULT)
    assert index_key(replace(DEFAULT, titles=True)) != index_key(DEFAULT)
    # Whatever is added to a configuration belongs to one or to the other.
    assert set(asdict(DEFAULT)) == {
        "name",
        "legs",
        "fusion",
        "context",
        "reranker",
        *index_key(DEFAULT),
    }
