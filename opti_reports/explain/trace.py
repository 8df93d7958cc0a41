"""From a row of an extract to the figures it is in: those that would be others without it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from opti_reports.archive.held import held
from opti_reports.catalogue.graph import used
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.disk import sha256
from opti_reports.errors import ExtractError, UsageError
from opti_reports.messages.spelling import suggestion
from opti_reports.metrics.evaluate import Inputs, one_metric
from opti_reports.model.delivery import Delivery, Reject
from opti_reports.output.tables import figures
from opti_reports.parallel import Jobs
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period
from opti_reports.stages.counted import Facts
from opti_reports.stages.extracts import arrive
from opti_reports.stages.facts import count
from opti_reports.stages.inputs import inputs
from opti_reports.store.deliveries import StoredDelivery
from opti_reports.workspace import Workspace

Fate = Literal["used", "unclear", "rejected", "nothing"]
"""``unclear``: it was rejected, and figures say that they may lack it."""
TEXT = (".csv", ".tsv", ".txt")


@dataclass(frozen=True, kw_only=True)
class Touched:
    """The headline figures of a metric that a row is in: of these organisations and periods."""

    metric: str
    name: str
    orgs: tuple[str, ...]
    periods: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What became of a row: its first and last line, whether it was used, and the figures it is in."""

    file: str
    first: int
    last: int
    source: str
    fate: Fate
    rejects: tuple[Reject, ...]
    figures: tuple[Touched, ...]


def trace(workspace: Workspace, place: str, month: int | None) -> Trace:
    """Follow a row, named like ``2026-08/puhelut.csv:120``, into the figures of a month (of its own folder).

    They are found by counting all without the row. Raises UsageError for a file or a line that is not there,
    or not a row.
    """
    with held(workspace), Jobs(1) as jobs:
        configs = load(workspace.configs, workspace.demo)
        path, line = _named(workspace, place)
        until = month if month is not None else _month(path)
        found = arrive(workspace, configs, until, "preliminary").deliveries
        at = next((i for i, one in enumerate(found) if path in one.files), None)
        if at is None:
            raise UsageError("trace.no_delivery", place)
        first, last, rest = _without(path, line)
        facts = count(workspace, configs, found, jobs, lambda *_: None)
        own, other = facts.kept[at], _read_again(workspace, configs, found[at], path, rest)
        if other is None or other.counts.read == own.counts.read:
            raise UsageError("trace.not_a_row", place, line=line)
        without = replace(facts, kept=(*facts.kept[:at], other, *facts.kept[at + 1 :]))
        touched = tuple(_touched(configs, facts, without, until, found[at].source))
    fates: tuple[Fate, Fate] = ("used", "nothing")
    if other.counts.rejected < own.counts.rejected:
        fates = "unclear", "rejected"
    return Trace(
        file=f"{path.parent.name}/{path.name}",
        first=first,
        last=last,
        source=found[at].source,
        fate=fates[0] if touched else fates[1],
        rejects=tuple(one for one in own.rejects if one.file == path.name and first <= one.line <= last),
        figures=touched,
    )


def _read_again(
    workspace: Workspace, configs: Configs, delivery: Delivery, path: Path, content: bytes
) -> StoredDelivery | None:
    """Return a delivery's facts with another content of one file; nothing where it cannot be read so."""
    with tempfile.TemporaryDirectory() as folder, Jobs(1) as jobs:
        other = Path(folder) / path.parent.name / path.name
        other.parent.mkdir()
        other.write_bytes(content)
        files = tuple(other if one == path else one for one in delivery.files)
        less = replace(delivery, files=files, hashes=tuple(sha256(one) for one in files))
        try:
            return count(workspace, configs, [less], jobs, lambda *_: None, months=False).kept[0]
        except ExtractError:
            return None


def _named(workspace: Workspace, place: str) -> tuple[Path, int]:
    """Return the file and line that are meant. Raises UsageError for a file that is not there."""
    name, _, number = place.rpartition(":")
    if not number.isdecimal() or not name:
        raise UsageError("trace.shape", place)
    there = {f"{path.parent.name}/{path.name}": path for path in sorted(workspace.data.glob("*/*"))}
    asked = "/".join(Path(name).parts[-2:])
    path = there.get(asked)
    if path is None:
        raise UsageError("trace.no_file", place, near=suggestion(asked, there))
    if path.suffix.casefold() not in TEXT:
        raise UsageError("trace.no_text", place)
    return path, int(number)


def _month(path: Path) -> int:
    try:
        return parse_month(path.parent.name)
    except ValueError:
        raise UsageError("trace.which_month", path.parent.name) from None


def _without(path: Path, line: int) -> tuple[int, int, bytes]:
    """Return the first and last line of a row, and the file without it: a row in quotes may have several."""
    content = path.read_bytes()
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = content.decode("utf-16") if wide else content.decode("latin-1")
    lines = text.splitlines(keepends=True) if wide else text.split("\n")
    lines = lines if wide else [*(f"{one}\n" for one in lines[:-1]), *lines[-1:]]
    if not 1 <= line <= len(lines) or not lines[line - 1].strip():
        raise UsageError("trace.no_line", f"{path.parent.name}/{path.name}", line=line, lines=len(lines))
    first, quotes = 1, 0
    for number, one in enumerate(lines, 1):
        quotes += one.count('"')
        if quotes % 2 == 0:
            if number >= line:
                break
            first = number + 1
    rest = "".join([*lines[: first - 1], *lines[number:]])
    return first, number, rest.encode("utf-16") if wide else rest.encode("latin-1")


def _touched(configs: Configs, facts: Facts, without: Facts, month: int, source: str) -> Iterator[Touched]:
    """Yield the metrics with figures that differ, and where."""
    own = {fact.id for fact in configs.sources[source].fact}
    resting = [id for id in configs.metrics if own & {fact for fact, _ in used(id, configs.metrics)}]
    wanted = {fact for id in resting for fact, _ in used(id, configs.metrics)}
    both = [inputs(configs, one, month, wanted) for one in (facts, without)]
    for id in resting:
        mine, others = (_headlines(given, id) for given in both)
        places = [place for place, figure in mine.items() if others.get(place) != figure]
        if places:
            yield Touched(
                metric=id,
                name=configs.metrics[id].name[configs.settings.languages[0]],
                orgs=tuple(dict.fromkeys(org for org, _ in places)),
                periods=tuple(dict.fromkeys(period.text for _, period in places)),
            )


def _headlines(given: Inputs, id: str) -> dict[tuple[str, Period], tuple[str, ...]]:
    found = one_metric(given, id, split=False) if id in given.metrics else ()
    return {(v.org, v.period): figures(v) for v in found}
