"""A pack longer than planned: what yields goes to the appendix, said where it stood, and nothing is lost."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from opti_reports.model.card import Remark, Remarks
from opti_reports.model.charts import Trend
from opti_reports.model.look import Look
from opti_reports.model.pack import Block, Column, Pack, Section, Table, Text
from opti_reports.render import pdf, pptx
from opti_reports.render.fitting import Kept, Lengths, fitted
from opti_reports.render.sheets import Sheets
from tests.render import fixture

PAGE = 10
"""Rows that a page of these tests holds."""
FIRST = Remarks("Kesken", tuple(Remark("off", f"asia {at}", "") for at in range(8)), "ja 2 muuta")


def table(name: str, rows: int) -> Table:
    cells = tuple((f"{name} {at}", str(at)) for at in range(rows))
    tones = tuple((at, 1, "off") for at in range(rows))
    return Table(
        caption=name,
        columns=(Column("x"), Column("n", True)),
        rows=cells,
        empty="",
        note="huomaa",
        tones=tones,
    )


def pack(*blocks: Block, yields: tuple[int, ...], aside: bool = True) -> Pack:
    second = Section(id="b", title="Toinen", blocks=(table("Toka", 3),), own_page=True, yields=(1,))
    rest = (
        (Section(id="l", title="Liite", blocks=(Text(("Loput",)),), own_page=True, appendix=True),)
        if aside
        else ()
    )
    made = fixture.a_pack((Section(id="a", title="Eka", blocks=blocks, yields=yields), second, *rest))
    return replace(
        made, words=made.words | {"in_appendix": "Liitteessä", "more_in_appendix": "Lisää liitteessä"}
    )


def size(block: Block) -> int:
    rows = block.items if isinstance(block, Remarks) else getattr(block, "rows", ("",))
    return len(rows)


def lengths(one: Pack) -> Mapping[str, int]:
    return {s.id: -(-sum(map(size, s.blocks)) // PAGE) for s in one.sections if not s.appendix}


def test_a_pack_of_its_length_stays_as_it_is() -> None:
    own = pack(FIRST, table("Lista", 2), yields=(2, 1))
    assert fitted(own, 2, lengths) is own
    assert fitted(own, None, lengths) is own


def test_the_least_needed_loses_its_last_rows_first_and_says_how_many() -> None:
    found = fitted(pack(FIRST, table("Lista", 6), yields=(2, 1)), 2, lengths)
    first, last = found.sections[0], found.sections[-1]
    assert first.blocks[0] == FIRST
    kept, rest = first.blocks[1], last.blocks[0]
    assert isinstance(kept, Table)
    assert isinstance(rest, Table)
    assert (len(kept.rows), kept.note) == (2, "Lisää liitteessä: 4. huomaa")
    assert kept.rows + rest.rows == table("Lista", 6).rows
    assert rest.tones == tuple((at, 1, "off") for at in range(4))
    assert found.sections[1].blocks == (table("Toka", 3),)  # a page that fits gives nothing


def test_what_is_not_enough_by_rows_goes_whole_and_the_next_gives_way() -> None:
    many = Remarks("Kesken", tuple(Remark("off", f"asia {at}", "") for at in range(14)), "ja 2 muuta")
    found = fitted(pack(many, table("Lista", 6), yields=(2, 1)), 2, lengths)
    kept, said = found.sections[0].blocks
    assert said == Text(("Liitteessä: Lista.",))
    assert isinstance(kept, Remarks)
    assert (len(kept.items), kept.more) == (9, "Lisää liitteessä: 5. ja 2 muuta")
    assert [size(block) for block in found.sections[-1].blocks] == [5, 6, 1]


@pytest.mark.parametrize(
    "own", [pack(FIRST, table("Lista", 6), yields=()), pack(FIRST, table("x", 6), yields=(0, 1), aside=False)]
)
def test_without_what_yields_or_an_appendix_it_stays_too_long(own: Pack) -> None:
    assert fitted(own, 2, lengths) is own


def test_a_pdf_and_a_deck_are_made_of_their_length() -> None:
    rows = pack(table("Eka", 30), table("Lista", 40), yields=(0, 1))
    short, made = pdf.fitted(rows, fixture.look(), 2)
    assert made.sections["l"] == 2
    assert pdf.paged(rows, fixture.look()).sections["l"] == 3
    assert "Lisää liitteessä" in pdf.render_html(short, fixture.look())
    deck, _ = pptx.fitted(pack(table("Eka", 5), table("Lista", 20), yields=(0, 1)), fixture.look(), 2)
    assert size(deck.sections[-1].blocks[0]) > 0


@pytest.mark.parametrize("off", [-1.3, -0.2, 0.0, 0.4, 2.0])
def test_a_wrong_guess_ends_within_the_plan(off: float) -> None:
    own = pack(FIRST, table("Lista", 16), yields=(2, 1))
    laid = list[Pack]()

    def measure(one: Pack) -> Lengths:
        laid.append(one)
        return lengths(one)

    def guess(kept: Kept, more: Lengths) -> Lengths:
        rows = (
            sum(map(size, own.sections[0].blocks)) - (16 - kept.get((0, 1), 16)) - (8 - kept.get((0, 0), 8))
        )
        return {"a": max(rows / PAGE + off, 0.1) + more.get("a", 0.0), "b": 0.3}

    found = fitted(own, 2, measure, guess)
    assert sum(lengths(found).values()) == 2
    assert laid[-1] is found
    assert off or size(found.sections[0].blocks[0]) == 8
    assert len(laid) < 6


def test_a_guess_that_nothing_more_yields_to_ends() -> None:
    own = pack(table("Eka", 25), table("Lista", 6), yields=(0, 1))
    found = fitted(
        own, 2, lengths, lambda kept, more: {"a": 2.5 + more.get("a", 0.0) - len(kept) / 2, "b": 1}
    )
    assert found.sections[-1].blocks[0] == replace(table("Lista", 6))


LONG = pack(FIRST, table("Eka", 16), fixture.trend(1), table("Lista", 40), yields=(3, 2, 0, 1))


def test_a_long_pdf_is_laid_out_three_times_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    laid, drawn = list[Pack](), list[str]()
    begin, draw = pdf._Laid.__init__, pdf.CHARTS[Trend]

    def counted(self: pdf._Laid, one: Pack, *more: Any) -> None:
        laid.append(one)
        begin(self, one, *more)

    def once(chart: Trend, look: Look, language: str, width: float) -> str:
        drawn.append(chart.title)
        return draw(chart, look, language, width)

    monkeypatch.setattr(pdf._Laid, "__init__", counted)
    monkeypatch.setitem(pdf.CHARTS, Trend, once)
    short, made = pdf.fitted(LONG, fixture.look(), 2)
    assert made.sections["l"] == 2
    assert 2 <= len(laid) <= 3
    assert len(drawn) == 1
    own, aside = short.sections[0].blocks, short.sections[-1].blocks
    kept, rest = (
        next(block for block in own if size(block) and getattr(block, "caption", "") == "Lista"),
        aside[0],
    )
    assert isinstance(kept, Table)
    assert isinstance(rest, Table)
    assert kept.rows + rest.rows == table("Lista", 40).rows
    assert kept.rows


@pytest.mark.parametrize("rule", ["", "@page :left { margin-left: 17mm }", "h2 { counter-increment: h }"])
def test_pages_that_did_not_change_are_taken_as_they_are(
    rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(fixture.ROOT / "templates", tmp_path / "templates")
    style = tmp_path / "templates/pdf/pack.css.j2"
    style.write_text(style.read_text() + rule)
    look, taken = Look(fixture.look().brand, tmp_path / "templates"), list[int]()
    take = Sheets._take

    def counted(self: Sheets, kept: list[tuple[Any, ...]]) -> None:
        taken.append(len(kept))
        take(self, kept)

    monkeypatch.setattr(Sheets, "_take", counted)
    short, made = pdf.fitted(LONG, look, 2)
    assert set(taken) == (set() if rule else {1})
    assert made.content == pdf.render_pdf(short, look)


def test_what_templates_do_not_mark_is_measured(tmp_path: Path) -> None:
    shutil.copytree(fixture.ROOT / "templates", tmp_path / "templates")
    page = tmp_path / "templates/pdf/pack.html.j2"
    page.write_text(page.read_text().replace("<?block {{ loop.index0 }}?>", ""))
    look = Look(fixture.look().brand, tmp_path / "templates")
    found, made = pdf.fitted(LONG, look, 2)
    assert made.sections["l"] == 2
    assert (
        abs(
            size(found.sections[-1].blocks[0])
            - size(pdf.fitted(LONG, fixture.look(), 2)[0].sections[-1].blocks[0])
        )
        < 3
    )


def flowing(*rows: int, yields: tuple[int, ...]) -> Pack:
    """Sections of a table each that follow each other on pages, then the appendix."""
    made = [
        Section(id=f"s{at}", title=f"Osa {at}", blocks=(table(f"Taulu {at}", count),), yields=(rank,))
        for at, (count, rank) in enumerate(zip(rows, yields, strict=True))
    ]
    aside = Section(id="l", title="Liite", blocks=(Text(("Loput",)),), own_page=True, appendix=True)
    words = {"in_appendix": "Liitteessä", "more_in_appendix": "Lisää liitteessä"}
    return replace(fixture.a_pack((*made, aside)), words=fixture.a_pack((aside,)).words | words)


def whole_tables(one: Pack) -> Mapping[str, float]:
    """Pages of the sections when no table is parted: the last one's by what it uses, as in a PDF."""
    page, used, begun = 0, 0, list[int]()
    own = [section for section in one.sections if not section.appendix]
    for section in own:
        rows = sum(size(block) for block in section.blocks if isinstance(block, Table))
        if used + rows > PAGE:
            page, used = page + 1, 0
        begun.append(page)
        used += rows
    found = {s.id: float(then - at) for s, at, then in zip(own, begun, begun[1:], strict=False)}
    return found | {own[-1].id: page - begun[-1] + used / PAGE}


def test_what_helps_only_together_gives_way_together_and_no_more_than_that() -> None:
    own = flowing(8, 4, 4, 8, 2, yields=(0, 1, 2, 0, 3))
    assert sum(map(math.ceil, whole_tables(own).values())) == 3, "two small tables share a page"
    found = fitted(own, 2, whole_tables)
    assert sum(map(math.ceil, whole_tables(found).values())) == 2
    gone = [at for at, section in enumerate(found.sections[:-1]) if section.blocks != own.sections[at].blocks]
    assert gone == [1, 2]


@pytest.mark.parametrize("off", [-0.6, -0.3, 0.2, 0.7])
def test_where_sections_share_pages_a_wrong_guess_of_where_one_ends_is_no_matter(off: float) -> None:
    own = flowing(9, 6, 5, 6, yields=(0, 2, 0, 1))

    def guess(kept: Kept, more: Lengths) -> Lengths:
        """The same without the room that is lost at the end of pages, and off by a part of one."""
        ids = [section.id for section in own.sections[:-1]]
        rows = [kept.get((at, 0), size(own.sections[at].blocks[0])) for at in range(len(ids))]
        ends = [
            sum(rows[: at + 1]) / PAGE + off + sum(more.get(id, 0.0) for id in ids[: at + 1])
            for at in range(len(ids))
        ]
        begun = [0, *map(math.floor, ends)]
        told = {id: float(then - at) for id, at, then in zip(ids[:-1], begun, begun[1:], strict=False)}
        return told | {ids[-1]: ends[-1] - begun[-2]}

    found = fitted(own, 3, whole_tables, guess)
    assert sum(map(math.ceil, whole_tables(found).values())) <= 3
