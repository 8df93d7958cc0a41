"""What ``--help`` says: the texts of commands and options, from the catalogue into click."""

from __future__ import annotations

from collections.abc import Iterator

import click

from opti_reports.messages.sentences import catalogue, say


def texts(command: click.Command, *names: str) -> Iterator[tuple[click.Command | click.Option, str]]:
    """Yield a command, its options and the commands below it, each with the code of its text.

    ``help.archive.verify.text`` is the command's, ``help.archive.verify.--head`` an option's; what several
    commands share is said once, by ``help.every.--json``.
    """
    yield command, ".".join(("help", *names, "text"))
    for option in command.params:
        if isinstance(option, click.Option):
            alone = ".".join(("help", *names, option.opts[0]))
            shared = f"help.every.{option.opts[0]}"
            yield option, alone if alone in catalogue().sentences else shared
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from texts(below, *names, name)


def explained(main: click.Group) -> None:
    """Give every command and option its text. Raises LookupError naming one that has none."""
    for part, code in texts(main):
        part.help = say(code)
