"""`playhead eval`: how good it is, in figures."""

from __future__ import annotations

import click

from ui.commands.eval_answers import answers
from ui.commands.eval_checks import checks
from ui.commands.eval_compare import compare
from ui.commands.eval_datasets import convert, init, thumbs
from ui.commands.eval_retrieval import retrieval


@click.group("eval")
def evaluate() -> None:
    """Measure search and answers; make datasets to measure on."""


for command in (retrieval, compare, answers, checks, convert, init, thumbs):
    evaluate.add_command(command)
