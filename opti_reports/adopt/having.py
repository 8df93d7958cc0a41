"""Which of a line's sources an organisation has: found by the words people use, kept in one small file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from opti_reports import starter
from opti_reports.adopt import change
from opti_reports.config.configs import Configs
from opti_reports.config.listed import FILE, themes_by_source
from opti_reports.config.load import load
from opti_reports.config.source import Source, fold
from opti_reports.errors import UsageError
from opti_reports.messages.sentences import say
from opti_reports.messages.spelling import suggestion
from opti_reports.workspace import Workspace

How = Literal["yes", "meetings", "no"]
HOW: tuple[How, ...] = ("yes", "meetings", "no")


@dataclass(frozen=True, kw_only=True)
class Having:
    """A source of the line: whether the organisation has it, and the themes its figures belong to.

    ``meetings``: rows of it come back from meetings, and no system delivers it.
    """

    source: str
    name: str
    how: How
    brings: tuple[str, ...]


def having(place: Workspace) -> tuple[Having, ...]:
    """Return every source of a workspace, those it has first."""
    every, own = load(place.configs, place.demo, whole=True), load(place.configs, place.demo)
    mine = listed(own)
    language, themes = every.settings.languages[0], themes_by_source(every)
    found = [
        Having(
            source=id,
            name=source.name[language],
            how="yes" if id in mine else "meetings" if id in own.sources else "no",
            brings=tuple(words[language] for words in themes.get(id, ())),
        )
        for id, source in every.sources.items()
    ]
    return tuple(sorted(found, key=lambda one: HOW.index(one.how)))


def of_line(line: str, words: Sequence[str]) -> dict[str, bytes]:
    """Return the file of these sources for a workspace of a line. Raises UsageError for an unknown word."""
    with tempfile.TemporaryDirectory(prefix="opti-line-") as folder:
        starter.copy(Path(folder), line)
        return only(Workspace(Path(folder)), words)


def only(place: Workspace, words: Sequence[str]) -> dict[str, bytes]:
    """Return the file with the sources that words mean, and no others."""
    every = load(place.configs, place.demo, whole=True).sources
    return _text(every, {meant(word, every) for word in words})


def changed(place: Workspace, more: Sequence[str], less: Sequence[str]) -> dict[str, bytes]:
    """Return the file with more and fewer sources than it has. Raises UsageError where none would be left."""
    every, own = load(place.configs, place.demo, whole=True).sources, listed(load(place.configs, place.demo))
    wanted = own | {meant(word, every) for word in more}
    return _text(every, wanted - {meant(word, every) for word in less})


def listed(configs: Configs) -> set[str]:
    """Return the sources that a system of the organisation delivers."""
    return {id for id, one in configs.sources.items() if one.presence != "imported"}


def packs(place: Workspace) -> tuple[str, ...]:
    """Return the packs that its sources are enough for."""
    return tuple(load(place.configs, place.demo).packs)


def write(place: Workspace, files: Mapping[str, bytes]) -> None:
    """Write the file, as a change that can be taken back. Raises ConfigError where it could not be read."""
    change.tried(place, files)
    change.write(place, files)


def meant(word: str, sources: Mapping[str, Source]) -> str:
    """Return the source that a word means: its id, the beginning of a part of it, or words of its name.

    Raises UsageError where it means none, or several.
    """
    asked = fold(word)
    found = [id for id in sources if fold(id) == asked]
    found = found or [id for id in sources if any(part.startswith(asked) for part in _parts(id))]
    found = found or [id for id, one in sources.items() if any(asked in fold(n) for n in one.name.values())]
    if not asked or not found:
        raise UsageError("sources.unknown", name=word, near=suggestion(word, sources))
    if len(found) > 1:
        raise UsageError("sources.several", name=word, sources=tuple(found))
    return found[0]


def _parts(id: str) -> Iterable[str]:
    """Yield what of an id may be meant by its beginning: the whole from each of its words on."""
    words = id.split("_")
    return (fold("_".join(words[at:])) for at in range(len(words)))


def _text(every: Mapping[str, Source], wanted: set[str]) -> dict[str, bytes]:
    if not wanted:
        raise UsageError("sources.none_left")
    width = max(map(len, wanted)) + 3
    names = {id: " / ".join(dict.fromkeys(every[id].name.values())) for id in every if id in wanted}
    lines = ["    " + f'"{id}",'.ljust(width) + f" # {name}" for id, name in names.items()]
    return {FILE: "\n".join([say("sources.head"), "sources = [", *lines, "]", ""]).encode()}
