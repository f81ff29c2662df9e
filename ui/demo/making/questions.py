"""Questions about the talks, resolved from the words that answer them to the seconds they take.

One question a line: `talk | question | words of its answer`. Several answers are divided by `;`;
each is words of one sentence of that talk. `* | question | talk: words; ...` is answered by several
talks together. `- | question` has no answer in any talk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playhead.errors import PlayheadError
from ui.demo.making.timeline import Spoken

NO_TALK, SEVERAL_TALKS = "-", "*"

Row = dict[str, object]


def resolve_questions(text: str, talks: Mapping[str, tuple[Spoken, ...]]) -> list[Row]:
    """The questions as rows of a dataset; sentences that follow each other are one gold span.

    Raises:
        PlayheadError: a talk is unknown, or words are in no sentence of it or in several.
    """
    return [
        {"qid": f"demo-{number:02}", **_resolve(line, talks)}
        for number, line in enumerate(filter(None, text.splitlines()), start=1)
    ]


def _resolve(line: str, talks: Mapping[str, tuple[Spoken, ...]]) -> Row:
    talk, question, *words = (part.strip() for part in line.split("|"))
    answers = [answer.strip() for answer in " ".join(words).split(";")]
    gold: list[Row] = []
    if talk == SEVERAL_TALKS:
        pairs = [tuple(part.strip() for part in answer.partition(":")[::2]) for answer in answers]
        for name in dict.fromkeys(name for name, _ in pairs):
            said = [words for of, words in pairs if of == name]
            spans = _spans(said, _talk(name, talks, line))
            gold += [{**span, "video_id": name} for span in spans]
    elif talk != NO_TALK:
        gold += _spans(answers, _talk(talk, talks, line))
    about = None if talk in {NO_TALK, SEVERAL_TALKS} else talk
    return {"video_id": about, "question": question, "answerable": bool(gold), "gold": gold}


def _talk(name: str, talks: Mapping[str, tuple[Spoken, ...]], line: str) -> tuple[Spoken, ...]:
    if name not in talks:
        raise PlayheadError(f"no talk is called {name!r}: {line}", "Correct questions.txt")
    return talks[name]


def _spans(answers: Sequence[str], sentences: tuple[Spoken, ...]) -> list[Row]:
    found = sorted({_index(answer, sentences) for answer in answers})
    spans: list[Row] = []
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
