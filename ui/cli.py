"""The command `playhead`: its commands, its one way to fail, its exit statuses.

Data goes to stdout, everything else to stderr. Exit 0: done; 1: an expected failure, told in one
line; 2: wrong usage; 130: interrupted. Nothing heavy is imported here or at the head of a command.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

import click

from playhead import __version__
from playhead.errors import PlayheadError
from ui.commands.ask import ask
from ui.commands.demo import demo
from ui.commands.doctor import doctor
from ui.commands.eval import evaluate
from ui.commands.ingest import ingest
from ui.commands.library import library
from ui.commands.search import search
from ui.commands.serve import serve
from ui.commands.watch import watch

INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="playhead", message="%(prog)s %(version)s")
@click.option(
    "--home",
    type=click.Path(readable=False),
    help="The library's folder [env: PLAYHEAD_HOME; default: the platform's data folder].",
)
@click.option("-v", "--verbose", is_flag=True, help="Tell on stderr what is going on.")
@click.pass_context
def cli(context: click.Context, home: str | None, *, verbose: bool) -> None:
    """Ask your videos; every answer cites the second it was said."""
    from playhead.log import configure

    configure(verbose=verbose)
    context.obj = {"home": home or None}


for command in (ingest, watch, search, ask, serve, evaluate, library, doctor, demo):
    cli.add_command(command)


def exit_status(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; every failure becomes a line on stderr and a number."""
    try:
        status = cli.main(arguments, prog_name="playhead", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("playhead: interrupted", err=True)
        return INTERRUPTED
    except PlayheadError as error:
        click.echo(f"playhead: {error}", err=True)
        return 1
    except OSError as error:
        if error.errno == errno.ENOSPC:
            click.echo("playhead: no room left on the disk. Free some and try again.", err=True)
        elif error.errno != errno.EPIPE:
            raise
        # Or whoever read our output has enough (`| head`). Python would try again to write
        # it at exit, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status if isinstance(status, int) else 0


def run() -> None:
    """The entry point of the `playhead` script."""
    sys.exit(exit_status())
