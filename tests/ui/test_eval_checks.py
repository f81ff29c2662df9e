"""`playhead eval checks`: the real engine and its checks, on claims of known truth."""

from __future__ import annotations

from tests.ui.commandline import Playhead
from ui.demo.make_dataset import DATASET


def test_lies_and_true_claims_by_their_kind(playhead: Playhead) -> None:
    run = playhead("eval", "checks", DATASET, "--claims", "30", "--json", "--worst", "3").done()
    sets = run.json["sets"]
    assert list(sets) == ["simulated", "tune", "test"]
    *kinds, false, true = sets["simulated"]
    assert (false["kind"], false["tries"]) == ("all false claims", 30)
    assert (true["kind"], true["tries"]) == ("all true claims", 30)
    assert sum(row["tries"] for row in kinds) == 60
    assert all(row["low"] <= row["share"] <= row["high"] for row in kinds)
    shown = {row["kind"]: row["shown"] for row in kinds if not row["true"]}
    assert shown["unknown id"] == shown["no evidence"] == shown["altered quote"] == 0
    assert false["shown"] <= 3
    assert true["dropped"] <= 6
    for name in ("tune", "test"):
        kinds = {row["kind"] for row in sets[name] if row["true"]}
        assert kinds == {"close", "free", "all true claims"}
    assert all(len(of_set) <= 3 for of_set in run.json["worst"].values())


def test_people_read_a_table(playhead: Playhead) -> None:
    out = playhead("eval", "checks", DATASET, "--claims", "5", "--worst", "1").done().out
    lines = out.splitlines()
    assert lines[0] == "Claims of a simulated model, made of the passages"
    (all_false,) = [line for line in lines[:40] if line.startswith("all false claims")][:1]
    assert "of    5 shown" in all_false
    assert "said: " in out


def test_a_folder_that_is_no_dataset_is_one_line(playhead: Playhead, tmp_path: object) -> None:
    assert "cannot be read" in playhead("eval", "checks", tmp_path).failure()  # type: ignore[arg-type]
