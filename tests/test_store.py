"""The store of facts: addresses by content, exact round trips, and nothing left behind."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import stat
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from opti_reports.config.due import Due
from opti_reports.config.limits import Limit, Limits
from opti_reports.config.settings import Settings
from opti_reports.config.source import Source
from opti_reports.disk import sha256
from opti_reports.errors import ExtractError
from opti_reports.facts.slices import merged, reach
from opti_reports.model.delivery import Delivery, Reject
from opti_reports.model.fact import FactTable
from opti_reports.store import deliveries as store
from opti_reports.store import entries, files
from opti_reports.store.spool import spooled
from tests.facts.counting import DATA_MONTH, SHAPES, SOURCE, Visit, counted

LIMITS = Limits(limit=(Limit(id="reply", kind="days", value=14),))
SETTINGS = Settings(time_zone="Europe/Helsinki", country="FI", languages=("fi",))
DELIVERY = Delivery(
    source="visits",
    month=DATA_MONTH,
    files=(Path("a/visits.csv"),),
    hashes=("00",),
    extracted_on=dt.date(2026, 4, 7),
)
VISITS: list[Visit] = [
    ("v1", "A", "2026-03-02", "visit", 1.5, 5, None, 2**61),
    ("v2", None, "2026-03-03", None, None, 4, 4, None),
]
REJECT = Reject(
    file="visits.csv", line=7, key="v9", reason="bad_date", column="came_on", value="tiistai – ei"
)


def address(
    delivery: Delivery = DELIVERY, source: Source = SOURCE, limits: Limits = LIMITS,
    settings: Settings = SETTINGS, secret: bytes = b"s", program: str = "program", judged: Sequence[str] = (),
) -> str:  # fmt: skip
    return store.key(delivery, source, limits, settings, secret, program, judged)


def changed(**fields: object) -> Source:
    return SOURCE.model_copy(update=fields)


def other_measure() -> Source:
    fact = SOURCE.fact[0]
    return changed(
        fact=(fact.model_copy(update={"measure": fact.measure | {"long": "hours > 2"}}), *SOURCE.fact[1:])
    )


def test_the_same_delivery_has_the_same_address() -> None:
    assert address() == address()
    assert address(replace(DELIVERY, files=(Path("b/visits.csv"),))) == address()


@pytest.mark.parametrize(
    "other",
    [
        address(replace(DELIVERY, hashes=("01",))),
        address(replace(DELIVERY, files=(Path("a/visits2.csv"),))),
        address(replace(DELIVERY, month=DATA_MONTH + 1)),
        address(replace(DELIVERY, extracted_on=dt.date(2026, 4, 8))),
        address(source=other_measure()),
        address(source=changed(window_months=3)),
        address(source=changed(derive={"due": "add_days(came_on, 15)"})),
        address(limits=Limits(limit=(Limit(id="reply", kind="days", value=15),))),
        address(settings=SETTINGS.model_copy(update={"free_days": ("12-24",)})),
        address(settings=SETTINGS.model_copy(update={"office_hours": (9, 16)})),
        address(secret=b"t"),
    ],
)
def test_whatever_facts_depend_on_gives_another_address(other: str) -> None:
    assert other != address()


@pytest.mark.parametrize(
    "same",
    [
        address(source=changed(name={"fi": "Muut"}, owner_role={"fi": "Muu"}, presence="optional")),
        address(source=changed(due=Due(day=9), per_unit=True, empty_unit="other")),
        address(settings=SETTINGS.model_copy(update={"languages": ("fi", "sv"), "history_months": 60})),
        address(replace(DELIVERY, confirm_shrink=True, covers=(DATA_MONTH - 1, DATA_MONTH))),
    ],
)
def test_words_and_roles_change_no_address(same: str) -> None:
    assert same == address()


def test_a_changed_program_gives_another_address() -> None:
    assert address(program="another") != address()


def kept(visits: list[Visit]) -> store.StoredDelivery:
    found = counted(visits)
    counts = replace(found.counts, read=found.counts.read + 1, rejected=1, ignored_columns=("huone",))
    return store.StoredDelivery(found.tables, found.lists, counts, (REJECT,))


@pytest.mark.parametrize("visits", [VISITS, [], VISITS[1:]], ids=["full", "empty", "gaps"])
def test_what_is_saved_comes_back_with_its_types(tmp_path: Path, visits: list[Visit]) -> None:
    before = kept(visits)
    assert not entries.has(tmp_path, "x")
    store.save(tmp_path, "x", DATA_MONTH, before)
    assert entries.has(tmp_path, "x")
    after = store.load(tmp_path, "x", SHAPES.values())
    assert (after.counts, after.rejects) == (before.counts, before.rejects)
    assert set(after.tables) == set(before.tables)
    for name, table in after.tables.items():
        assert table.shape is SHAPES[name]
        _same(before.tables[name], table)
    for name, rows in after.lists.items():
        assert rows.to_dict("list") == before.lists[name].to_dict("list")


def _same(before: FactTable, after: FactTable) -> None:
    assert list(after.rows.columns) == list(before.rows.columns)
    for name in before.rows.columns:
        one, other = before.rows[name], after.rows[name]
        assert isinstance(one.dtype, pd.CategoricalDtype) == isinstance(other.dtype, pd.CategoricalDtype)
        assert one.tolist() == other.tolist()
        if not isinstance(one.dtype, pd.CategoricalDtype):
            assert one.dtype == other.dtype


def test_loaded_and_fresh_tables_merge_also_with_empty_ones(tmp_path: Path) -> None:
    for name, visits in (("full", VISITS), ("none", [])):
        store.save(tmp_path, name, DATA_MONTH, kept(visits))
    fresh = counted(VISITS, DATA_MONTH + 1).tables["visits"]
    shape = SHAPES["visits"]
    tables = [store.load(tmp_path, name, [shape]).tables["visits"] for name in ("none", "full")]
    reaches = [
        reach(DATA_MONTH - 1, 1, {}, None, open_cases=False),
        reach(DATA_MONTH, 1, {DATA_MONTH: 2}, None, open_cases=False),
        reach(DATA_MONTH + 1, 1, {DATA_MONTH + 1: 0}, None, open_cases=False),
    ]
    rows = merged(shape, [*tables, fresh], reaches)
    assert rows["n"].tolist() == tables[1].rows["n"].tolist()
    assert rows["unit"].tolist() == ["", "A"]


@pytest.mark.parametrize("left", [0, 3, -1], ids=["nothing", "three bytes", "all but one byte"])
def test_facts_cut_short_are_told_before_they_are_read(tmp_path: Path, left: int) -> None:
    store.save(tmp_path, "x", DATA_MONTH, kept(VISITS))
    path = tmp_path / "x" / "visits.parquet"
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(entries.DAMAGED):
        store.load(tmp_path, "x", SHAPES.values())


def months_of(table: FactTable) -> list[int]:
    """The months its rows are of, each once."""
    return sorted(set(table.rows["since"].tolist()))


@pytest.mark.parametrize("wanted", [{0}, {-1, 0}, {-3}, {-3, -2, -1, 0}, {5}, set()], ids=str)
@pytest.mark.parametrize("group", [1, 2, 1 << 16])
def test_the_rows_of_some_months_are_read_alone(
    tmp_path: Path, wanted: set[int], group: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "GROUP", group)
    days = ["2025-12-02", "2025-12-03", "2026-01-05", "2026-02-03", "2026-02-04", "2026-03-02"]
    visits: list[Visit] = [
        (str(number), "A", day, "visit", 1, None, None, None) for number, day in enumerate(days)
    ]
    store.save(tmp_path, "x", DATA_MONTH, kept(visits))
    months = frozenset(DATA_MONTH + back for back in wanted)
    whole = store.load(tmp_path, "x", SHAPES.values())
    some = store.of_months(store.load(tmp_path, "x", SHAPES.values()), ["visits"], months)
    every = whole.tables["visits"].rows
    _same(FactTable(SHAPES["visits"], every[every["since"].isin(months)]), some.tables["visits"])
    assert months_of(some.tables["due"]) == months_of(whole.tables["due"])  # nobody asked for less of it


def test_saving_twice_leaves_one_whole_folder(tmp_path: Path) -> None:
    store.save(tmp_path, "x", DATA_MONTH, kept(VISITS))
    store.save(tmp_path, "x", DATA_MONTH, kept(VISITS))
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_pruning_keeps_what_is_used_and_what_belongs_to_later_months(tmp_path: Path) -> None:
    for name, month in (("used", DATA_MONTH), ("old", DATA_MONTH), ("later", DATA_MONTH + 1)):
        store.save(tmp_path, name, month, kept([]))
    (tmp_path / ".killed.77").mkdir()
    (tmp_path / ".killed.77" / "note.json").write_text('{"month"', encoding="utf-8")  # half written
    (tmp_path / "half").mkdir()
    (tmp_path / "secret").write_bytes(b"s")
    entries.prune(tmp_path, frozenset({"used"}), DATA_MONTH)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["later", "secret", "used"]


def test_the_secret_is_made_once_and_only_its_owner_may_look(tmp_path: Path) -> None:
    folder = tmp_path / "output" / ".store"
    first = files.secret(folder)
    assert len(first) == 32
    assert files.secret(folder) == first
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret"]
    assert files.secret(tmp_path / "another") != first


def test_a_folder_that_was_open_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    files.secret(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let the store's clock go forward by so many seconds."""

    def go(seconds: float) -> None:
        now = time.time_ns() + int(seconds * 1e9)
        monkeypatch.setattr(time, "time_ns", lambda: now)

    return go


def test_the_hash_of_a_file_that_has_settled_is_remembered(
    tmp_path: Path, later: Callable[[float], None]
) -> None:
    file = tmp_path / "visits.csv"
    file.write_text("one", encoding="utf-8")
    later(5)
    hashes = files.Hashes(tmp_path)
    digest = hashes(file)
    assert digest == sha256(file)
    hashes.save()
    assert list(json.loads((tmp_path / "hashes.json").read_text(encoding="utf-8"))) == [str(file)]
    file.write_text("other", encoding="utf-8")
    assert files.Hashes(tmp_path)(file) == sha256(file) != digest


def test_a_settled_file_is_not_read_again(
    tmp_path: Path, later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "visits.csv"
    file.write_text("one", encoding="utf-8")
    later(5)
    hashes = files.Hashes(tmp_path)
    digest = hashes(file)
    hashes.save()
    monkeypatch.setattr(hashlib, "file_digest", None)
    assert files.Hashes(tmp_path)(file) == digest


def test_a_file_hashed_at_once_is_hashed_again(tmp_path: Path) -> None:
    """A change within the grain of the clock could bear the same time."""
    file = tmp_path / "visits.csv"
    file.write_text("one", encoding="utf-8")
    hashes = files.Hashes(tmp_path)
    digest = hashes(file)
    hashes.save()
    kept = file.stat()
    with file.open("r+", encoding="utf-8") as opened:
        opened.write("two")
    os.utime(file, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert files.Hashes(tmp_path)(file) == sha256(file) != digest


def test_a_file_that_changes_while_it_is_copied_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "visits.csv"
    file.write_text("one", encoding="utf-8")
    os.utime(file, (0, 1_700_000_000))  # its own time says which of two versions is newer, not the copy's
    hashed = replace(DELIVERY, files=(file,), hashes=(sha256(file),))
    with spooled(tmp_path, hashed) as copied:
        assert copied.files[0].read_text(encoding="utf-8") == "one"
        assert copied.files[0].name == "visits.csv"
        assert copied.files[0].stat().st_mtime == 1_700_000_000
    file.write_text("two", encoding="utf-8")
    with (
        pytest.raises(ExtractError, match=r"^visits.csv: the file changed while it was being read\n"),
        spooled(tmp_path, hashed),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["visits.csv"]


def test_a_secret_cut_short_is_made_anew(tmp_path: Path) -> None:
    """An empty one would hash nothing in secret."""
    (tmp_path / "secret").write_bytes(b"")
    made = files.secret(tmp_path)
    assert len(made) == 32
    assert files.secret(tmp_path) == made


def test_hashes_cut_short_are_forgotten(tmp_path: Path) -> None:
    (tmp_path / "hashes.json").write_text("{", encoding="utf-8")
    file = tmp_path / "visits.csv"
    file.write_text("x", encoding="utf-8")
    hashes = files.Hashes(tmp_path)
    assert hashes(file) == sha256(file)
    hashes.save()
    assert str(file) in json.loads((tmp_path / "hashes.json").read_text(encoding="utf-8"))


def test_a_table_written_in_pieces_is_the_file_of_the_whole(tmp_path: Path) -> None:
    size = 3 * entries.GROUP + 5000
    shape, chosen = SHAPES["due"], np.random.default_rng(4)
    cells: dict[str, Any] = {name: chosen.integers(0, 900, size) for name in (*shape.keys, *shape.sums)}
    cells["unit"] = pd.Categorical.from_codes(chosen.integers(0, 3, size), pd.Index(["A", "B", "Ö"]))
    table = pd.DataFrame(cells)[[*shape.keys, *shape.sums]]
    store.save(tmp_path, "whole", DATA_MONTH, replace(kept([]), tables={"due": FactTable(shape, table)}))
    whole = (tmp_path / "whole" / "due.parquet").read_bytes()
    for cuts in ([size], [0], [70_001, 190_000], [2 * entries.GROUP], [entries.GROUP, 3 * entries.GROUP]):
        pieces = [table.iloc[a:b].reset_index(drop=True) for a, b in pairwise([0, *cuts, size])]
        store.write(tmp_path / "pieces.parquet", shape, pieces)
        assert (tmp_path / "pieces.parquet").read_bytes() == whole
