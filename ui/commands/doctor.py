"""`playhead doctor`: what is installed and what is missing, and what to do about it."""

from __future__ import annotations

import json

import click

from ui.commands import options

_MARKS = {"ok": "ok     ", "missing": "missing", "broken": "BROKEN "}


@click.command(short_help="Check what is installed and what is missing.")
@options.as_json
@click.pass_obj
def doctor(obj: dict[str, str | None], *, as_json: bool) -> None:
    """Check the installation, the models, the library and the index.

    Exits 1 if something that Playhead needs is broken; what is merely missing is an option.
    """
    from ui.checkup import checkup
    from ui.wiring import open_playhead

    with open_playhead(**obj) as app:
        findings = list(checkup(app))
    healthy = all(finding.state != "broken" for finding in findings)
    if as_json:
        rows = [
            {"name": f.name, "state": f.state, "detail": f.detail, "remedy": f.remedy}
            for f in findings
        ]
        click.echo(json.dumps({"healthy": healthy, "findings": rows}, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{_MARKS[finding.state]}  {finding.name}: {finding.detail}")
            if finding.remedy:
                click.echo(f"         {finding.remedy}")
    if not healthy:
        click.get_current_context().exit(1)
