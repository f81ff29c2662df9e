"""The entailment model: what it lets pass, and one line when it cannot be used."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from playhead.errors import EntailmentError
from playhead.types import Sentence
from retrieval.answer.checks.claims import Checker
from retrieval.answer.checks.entailment import CrossEncoderEntailment, check_entailment
from retrieval.answer.checks.said import Said
from retrieval.answer.reading.evidence import Evidence
from retrieval.answer.reply import CitedSentence, ClaimReply
from retrieval.embedding import bundled_folder
from tests.fakes import segments, video
from tests.reranker_model import make_model_without_head, make_reranker_model

LABELS = ("contradiction", "entailment", "neutral")
SAID = Said(("The loaf bakes.",), ("Ann",), language="en")


def make_entailment_model(
    folder: Path, favoured: str = "entailment", labels: tuple[str, ...] = LABELS
) -> Path:
    """Make a tiny model that finds one label nearly certain, whatever it reads."""
    make_reranker_model(folder, labels=len(labels))
    config = json.loads((folder / "config.json").read_text())
    config["id2label"] = {str(n): label for n, label in enumerate(labels)}
    config["label2id"] = {label: n for n, label in enumerate(labels)}
    (folder / "config.json").write_text(json.dumps(config))
    if favoured in labels:
        change(folder, labels.index(favoured), 100.0)
    return folder


def change(folder: Path, label: int, bias: float) -> None:
    """Add to what a model gives for a label."""
    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"][label] += bias
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def complaint(folder: Path | str) -> str:
    """The one line that says why a model cannot be used, and every way out."""
    with pytest.raises(EntailmentError) as caught:
        check_entailment("It bakes.", SAID, CrossEncoderEntailment(str(folder)))
    line = str(caught.value)
    assert len(line.splitlines()) == 1
    assert len(line) < 500
    for part in (str(folder), "PLAYHEAD_NLI_MODEL", "folder", "unset"):
        assert part in line
    return line


def problem(text: str, said: str, model: Path) -> str | None:
    """What the checker says, with a model, of a claim that cites a sentence."""
    (segment,) = segments("v", said)
    unit = Evidence((Sentence(said, 0, 1),), segment, video("v"), 1.0, 0, 0)
    claim = ClaimReply(text=text, evidence=[CitedSentence(sentence="S1", quote=said)])
    return Checker(CrossEncoderEntailment(str(model))).problem(claim, {"S1": unit})


@pytest.fixture(scope="module")
def believer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that finds that everything follows, to be read only."""
    return make_entailment_model(tmp_path_factory.mktemp("models") / "believer")


@pytest.mark.parametrize("label", LABELS)
def test_only_what_follows_passes(label: str, tmp_path: Path) -> None:
    model = CrossEncoderEntailment(str(make_entailment_model(tmp_path / "model", label)))
    found = check_entailment("It bakes.", SAID, model)
    if label == "entailment":
        assert found is None
    else:
        assert found == "does not follow from what it cites (entailment 0.00)"


def test_the_label_is_found_by_its_name(tmp_path: Path) -> None:
    labels = ("ENTAILMENT", "not_entailment")
    folder = make_entailment_model(tmp_path / "model", "ENTAILMENT", labels)
    assert check_entailment("It bakes.", SAID, CrossEncoderEntailment(str(folder))) is None


def test_it_judges_free_words_and_nothing_but_them(believer: Path) -> None:
    said = "Bake it for 40 minutes, Mary."
    assert problem("Mary needs 40 minutes.", said, believer) is None
    assert "50" in (problem("It needs fifty minutes.", said, believer) or "")
    assert "Anna" in (problem("So Anna bakes.", said, believer) or "")
    assert "about the passages" in (problem("The video mentions bread.", said, believer) or "")


@pytest.mark.parametrize("said", ["word " * 100, "x " * 100])
def test_what_it_cannot_read_to_its_end_does_not_follow(said: str, believer: Path) -> None:
    model = CrossEncoderEntailment(str(believer))
    assert model.probability(said, "It bakes.") == 0.0
    assert model.probability("It bakes.", said) == 0.0


@pytest.mark.parametrize("text", ["", "\0", "面包 🎬", "[SEP]"])
def test_whatever_is_read_is_judged(text: str, believer: Path) -> None:
    model = CrossEncoderEntailment(str(believer))
    assert model.probability(text, "x") == pytest.approx(1.0)
    assert model.probability("x", text) == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["/nowhere/model", "nobody/no-such-model", "~/x"])
def test_a_model_that_is_not_there(name: str) -> None:
    assert "cannot be loaded: " in complaint(name)


def test_models_that_are_not_made_for_it(tmp_path: Path) -> None:
    reranker = make_reranker_model(tmp_path / "reranker")
    assert "has no label 'entailment', but LABEL_0" in complaint(reranker)
    assert "has no label 'entailment'" in complaint(str(bundled_folder()))
    alone = make_entailment_model(tmp_path / "alone", labels=("entailment",))
    assert "has no other label" in complaint(alone)


def test_weights_without_a_head_are_refused(tmp_path: Path) -> None:
    """The library would give it a random one."""
    folder = make_entailment_model(tmp_path / "model")
    bare = make_model_without_head(tmp_path / "bare")
    shutil.copy(bare / "model.safetensors", folder / "model.safetensors")
    assert "was not trained to judge (classifier.bias is missing)" in complaint(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_damaged_model_can_be_repaired(name: str, tmp_path: Path, believer: Path) -> None:
    folder = shutil.copytree(believer, tmp_path / "model")
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:100])
    assert "cannot be loaded: " in complaint(folder)
    (folder / name).write_bytes(content)
    assert check_entailment("It bakes.", SAID, CrossEncoderEntailment(str(folder))) is None


def test_weights_that_are_no_numbers(tmp_path: Path) -> None:
    folder = make_entailment_model(tmp_path / "model")
    change(folder, 0, math.nan)
    assert "probabilities that are no numbers" in complaint(folder)
