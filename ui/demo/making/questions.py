"""Questions about the talks, resolved from the words that answer them to the seconds they take.

One question a line: `talk | question | words of its answer`. Several answers are divided by `;`;
each is words of one sentence of that talk. `- | question` has no answer in any talk.
"""

from __future__ import annotations

from collections.abc import Mapping

from playhead.errors import PlayheadError
from ui.demo.making.timeline import Spoken


def resolve_questions(
    text: str, talks: Mapping[str, tuple[Spoken, ...]]
) -> list[dict[str, object]]:
    """The questions with gold spans (seconds); sentences that follow each other are one span.

    Raises:
        PlayheadError: a talk is unknown, or words are in no sentence of it or in several.
    """
    resolved: list[dict[str, object]] = []
    for line in filter(None, text.splitlines()):
        talk, question, *words = (part.strip() for part in line.split("|"))
        if talk != "-" and talk not in talks:
            raise PlayheadError(f"no talk is called {talk!r}: {line}", "Correct questions.txt")
        gold = [] if talk == "-" else _spans(" ".join(words).split(";"), talks[talk])
        resolved.append(
            {
                "qid": f"demo-{len(resolved) + 1:02}",
                "talk": None if talk == "-" else talk,
                "question": question,
                "answerable": talk != "-",
                "gold": gold,
            }
        )
    return resolved


def _spans(answers: list[str], sentences: tuple[Spoken, ...]) -> list[dict[str, float]]:
    found = sorted({_index(answer.strip(), sentences) for answer in answers})
    spans: list[dict[str, float]] = []
    for previous, i in zip([-2, *found], found, strict=False):
        if i == previous + 1:
            spans[-1]["end"] = sentences[i].end
        else:
            spans.append({"start": sentences[i].start, "end": sentences[i].end})
    return spans


def _index(words: str, sentences: tuple[Spoken, ...]) -> int:
    matches = [i for i, sentence in enumerate(sentences) if words in sentence.text]
    if not words or len(matches) != 1:
        raise PlayheadError(
            f"{words!r} is in {len(matches)} sentences of its talk, not in one",
            "Correct questions.txt",
        )
    return matches[0]
