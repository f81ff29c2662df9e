"""Options that several commands share."""

from __future__ import annotations

import click

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
speaker = click.option(
    "--speaker",
    metavar="NAME",
    help="Only what this speaker says; a whole word of the name is enough.",
)
videos = click.option(
    "--video",
    "video_names",
    multiple=True,
    metavar="ID",
    help="Only in this video (the beginning of an id is enough); may be repeated.",
)
