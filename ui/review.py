"""The dialogue in which a person decides on the cases of a review, one after the other."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace

import click

from eval.overlap import overlap
from eval.review import Case, Review, State
from playhead.errors import QuestionError
from playhead.text import join_words, without_controls
from retrieval.question import clean_question
from ui.passages import Line, MarkError, Transcripts, marked_spans, print_lines, touches

_MENU = "[a]ccept [e]dit [m]ark [u]nanswerable [f]ind [r]eject [s]kip [b]ack [q]uit [h]elp:"
_HELP = """
  a  take the question, with the marked (*) sentences as its answer
  e  write the question
  m  mark what answers it: sentences (2, or 2-4, or 2, 5-6) or times (1:05-1:20)
  u  take it as a question that none of the videos answers
  f  find other passages by words
  r  leave it out for good
  s  decide another time
  b  back to the one before
  q  stop here; the same command goes on"""
_ORIGINS = {
    "sentence": "made of a sentence by rule",
    "llm": "asked by the language model",
    "person": "a passage to ask about",
    "thumb": "from a thumb",
}
_STEPS = {"s": 1, "b": -1}
_FOUND = 3


class Dialogue:
    """Shows the open cases of a review and does what is typed; all of it on stderr.

    Raises (`run`):
        DatasetError: a decision could not be written.
        click.Abort: interrupted, or the input has ended; what was decided is on the disk.
    """

    def __init__(self, review: Review) -> None:
        self._review = review
        self._transcripts = Transcripts(review.videos)

    def run(self) -> None:
        """Go through the cases that are open now, to the end or until somebody has enough."""
        queue = [case.qid for case in self._review.cases if case.state == "open"]
        at = 0
        while at < len(queue):
            step = self._decide(self._review.case(queue[at]), f"{at + 1} of {len(queue)}")
            if step is None:
                return
            at = max(0, at + step)

    def _decide(self, case: Case, place: str) -> int | None:
        """Show a case until it is decided; how many cases to go on from it, None to stop."""
        while True:
            lines = self._transcripts.around([*case.shown, *case.located_gold])
            _show(case, lines, place)
            key = click.prompt(_MENU, prompt_suffix=" ", err=True).strip().lower()[:1]
            if key == "q":
                return None
            if key in _STEPS:
                return _STEPS[key]
            if key in ("a", "u", "r"):
                if self._close(case, key):
                    return 1
            else:
                case = self._change(case, key, lines)

    def _close(self, case: Case, key: str) -> bool:
        """Decide on a case; whether that could be done."""
        if key != "r" and not case.question:
            _say("There is no question yet: e writes one.")
            return False
        if key == "a" and not case.gold:
            _say("No answer is marked: m marks one; u takes it as a question that none answers.")
            return False
        state: State = "rejected" if key == "r" else "accepted"
        gold = () if key == "u" else case.gold
        self._review.add([replace(case, state=state, reviewed=True, gold=gold)])
        return True

    def _change(self, case: Case, key: str, lines: Sequence[Line]) -> Case:
        """Another question, other marks, other passages; kept even if the case stays open."""
        changed = case
        match key:
            case "e":
                changed = _edited(case)
            case "m":
                changed = _marked(case, lines)
            case "f":
                changed = self._found(case)
            case _:
                _say(_HELP)
        if changed != case:
            self._review.add([changed])
        return changed

    def _found(self, case: Case) -> Case:
        words = click.prompt("Words", default="", show_default=False, err=True)
        spans = self._transcripts.with_words(words, _FOUND)
        if not spans:
            _say("Nothing found.")
        return replace(case, shown=tuple(spans)) if spans else case


def _show(case: Case, lines: Sequence[Line], place: str) -> None:
    about = [place, _ORIGINS[case.origin], *([case.note] if case.note else [])]
    about += [case.state] if case.state != "open" else []
    click.echo(f"\n{'─' * 8} {', '.join(about)}", err=True)
    gold = case.located_gold
    print_lines(lines, gold)
    question = without_controls(case.question) or "(none yet)"
    click.echo(f"\nQuestion: {click.style(question, bold=True)}", err=True)
    if case.question and gold:
        marked = [line for line in lines if any(touches(line.span, span) for span in gold)]
        share = overlap(case.question, join_words(line.sentence.text for line in marked))
        click.echo(f"({share:.0%} of its words are in the marked sentences)", err=True)


def _edited(case: Case) -> Case:
    try:
        return replace(case, question=clean_question(_typed_over(case.question)))
    except QuestionError as error:
        _say(str(error))
        return case


def _marked(case: Case, lines: Sequence[Line]) -> Case:
    typed = click.prompt("Sentences or times", default="", show_default=False, err=True)
    if not typed.strip():
        return case
    try:
        return case.with_gold(marked_spans(typed, lines))
    except MarkError as error:
        _say(f"{error}.")
        return case


def _typed_over(text: str) -> str:
    """A line that begins as a text to change where the terminal can; else that text if empty."""
    # The line editor works on stdout alone; where that is a file, nothing but data belongs there.
    on_terminal = sys.stdout.isatty()
    with _begun_with(text) if on_terminal else nullcontext():
        typed: str = click.prompt("Question", text, show_default=False, err=not on_terminal)
    return typed


@contextmanager
def _begun_with(text: str) -> Iterator[None]:
    try:
        import readline
    except ImportError:
        yield
        return
    readline.set_startup_hook(lambda: readline.insert_text(text))
    try:
        yield
    finally:
        readline.set_startup_hook()


def _say(text: str) -> None:
    click.echo(text, err=True)
