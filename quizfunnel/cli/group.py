"""Command group: the root command, and its errors told as sentences."""

import json
from errno import EDQUOT, ENOSPC
from typing import Any

import click

from quizfunnel import __version__


class Refused(click.ClickException):
    """Refusal of a command, told without a traceback."""

    exit_code = 2


class Commands(click.Group):
    """The commands; an error that names its remedy is told as one, in every command."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            from quizfunnel.migrations.runner import MigrationError
            from quizfunnel.settings import SettingsError
            from quizfunnel.store.transaction import DatabaseAway, remedy

            if isinstance(error, DatabaseAway):
                raise Refused(f"the database cannot be used now: {error}; {remedy(error)}") from error
            if isinstance(error, SettingsError | MigrationError):
                raise Refused(str(error)) from error
            if isinstance(error, OSError) and error.filename:
                look = "the disk's room" if error.errno in (ENOSPC, EDQUOT) else "who may read and write there"
                raise Refused(f"{error.filename}: {error.strerror}; look at {look}") from error
            raise


@click.group(cls=Commands)
@click.version_option(__version__)
def main() -> None:
    """Quiz funnels that recommend products, for the store in this folder (or in QUIZFUNNEL_STORE)."""


def in_json(facts: Any) -> str:
    """Return facts as JSON to be read by people too."""
    return json.dumps(facts, indent=2, ensure_ascii=False)
