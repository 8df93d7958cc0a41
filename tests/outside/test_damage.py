"""Whatever happens to columns and blocks of rows, no figure changes in silence."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opti_reports.config.source import Column
from opti_reports.demo.layout import LAYOUTS
from tests.outside.extract import Extract, files, opened
from tests.outside.looking import Seen, clean_of, look, prepared
from tests.outside.outcomes import believed
from tests.pipeline import shipped

SOURCES = {
    "avohilmo_events": "visit_start",
    "phone_contacts": "arrived_at",
    "digi_contacts": "opened_at",
    "referrals": "sent_at",
    "haipro_reports": "reported_at",
    "survey_responses": "answered_at",
    "budget_monthly": "month",
    "training_monthly": "month",
}
"""Sources delivered as text, and the column that says of which month a row is."""
LEAST = 0.6
"""Of a file's rows of the month: more than any share or count that the configs let pass."""
NO_VALUE = {
    "integer": "paljon",
    "decimal": "paljon",
    "eur": "paljon",
    "boolean": "ehkä",
    "date": "pian",
    "datetime": "aamulla",
    "month": "syksyllä",
    "enum": "jokin muu",
    "code": "Tuntematon yksikkö",
}
"""By type a text that no such column has."""
SOME = settings(max_examples=10, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=500, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Blow:
    """What is done to a source's files of the month: cells spoilt, or rows removed, repeated or cut."""

    source: str
    kind: str
    start: float
    share: float
    everywhere: bool
    column: str

    def strike(self, root: Path) -> None:
        """Damage all files, or the largest."""
        found = sorted(files(root, self.source), key=lambda path: -path.stat().st_size)
        for path in found if self.everywhere else found[:1]:
            extract = opened(path, self.source)
            self._strike(extract)
            extract.save()

    def _strike(self, extract: Extract) -> None:
        month = extract.of_month(SOURCES[self.source])
        own = [number for number, row in enumerate(extract.rows) if month(row)]
        length = round(len(own) * self.share)
        first = round((len(own) - length) * self.start)
        block = set(own[first : first + length])
        if self.kind == "spoil":
            at = extract.at(self.column)
            text = NO_VALUE[_type(shipped().sources[self.source].column[self.column])]
            for number in block:
                extract.rows[number][at] = text
        elif self.kind == "remove":
            extract.rows = [row for number, row in enumerate(extract.rows) if number not in block]
        elif self.kind == "repeat":
            extract.rows += [list(extract.rows[number]) for number in sorted(block)]
        else:
            del extract.rows[own[len(own) - length] :]


def _type(column: Column) -> str:
    return "enum" if column.codes else column.type


def _columns(source: str) -> list[str]:
    """The columns in which not every text is a value, as far as the demo's files have them."""
    known = {column.name for column in LAYOUTS[source].columns}
    return [
        name
        for name, column in shipped().sources[source].column.items()
        if _type(column) in NO_VALUE and not column.private and name in known
    ]


@st.composite
def blows(draw: st.DrawFn) -> Blow:
    """Any damage of a block of rows as large as nobody may overlook."""
    source = draw(st.sampled_from(sorted(SOURCES)))
    return Blow(
        source,
        draw(st.sampled_from(["spoil", "spoil", "remove", "repeat", "truncate"])),
        draw(st.sampled_from([0.0, 0.5, 1.0])),
        draw(st.sampled_from([LEAST, 0.8, 1.0])),
        draw(st.booleans()),
        draw(st.sampled_from(_columns(source))),
    )


def named(source: str, clean: Seen, seen: Seen) -> bool:
    """Whether the run says of the source what it does not say of the clean extract."""
    new = set(seen.warnings) - set(clean.warnings)
    told = [*seen.refusal.splitlines(), *new]
    return any(source in line or path in line for line in told for path in _stems(source))


def _stems(source: str) -> list[str]:
    return [pattern.partition("*")[0] for pattern in shipped().sources[source].files]


@SOME
@given(blows())
def test_no_figure_changes_in_silence(tmp_path_factory: pytest.TempPathFactory, blow: Blow) -> None:
    not_in_silence(tmp_path_factory, blow)


@pytest.mark.heavy
@MANY
@given(blows())
def test_no_figure_changes_in_silence_at_length(tmp_path_factory: pytest.TempPathFactory, blow: Blow) -> None:
    not_in_silence(tmp_path_factory, blow)


def not_in_silence(tmp_path_factory: pytest.TempPathFactory, blow: Blow) -> None:
    """Assert that the run of a damaged source refuses, warns, or shows nothing as whole that changed."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "struck"
        shutil.copytree(prepared(tmp_path_factory, blow.source), root)
        blow.strike(root)
        clean, seen = clean_of(tmp_path_factory, blow.source), look(root, blow.source)
    if not seen.refusal and not named(blow.source, clean, seen):
        assert [*islice(believed(clean, seen), 3)] == []
