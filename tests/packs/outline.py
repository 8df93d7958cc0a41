"""A pack as lines of text for snapshots: what each block says, without the numbers behind drawings."""

from __future__ import annotations

from collections.abc import Iterator

from opti_reports.model.card import Agenda, Cards, Law, Remarks
from opti_reports.model.charts import Bars, Stacked, Trend
from opti_reports.model.pack import (
    Block,
    Definitions,
    Findings,
    MetricTable,
    Notice,
    Pack,
    Table,
    Text,
    Tiles,
)


def outline(pack: Pack) -> str:
    """The pack's head and each of its blocks."""
    said = pack.message or pack.title
    head = f"{pack.name} {pack.period} | {said} | {pack.org_name} | {pack.period_label} | {pack.footer}"
    lines = [head, f"watermark '{pack.watermark}'"]
    for section in pack.sections:
        lines.append(f"# {section.title}")
        for block in section.blocks:
            lines += _block(block)
    return "\n".join(lines).replace("\u00a0", "_")


def _block(block: Block) -> Iterator[str]:
    yield f"[{block.kind}] {_title(block)}"
    yield from (f"  {line}" for line in _lines(block))


def _title(block: Block) -> str:
    if isinstance(block, Trend | Bars | Stacked):
        return f"{block.title} / {block.subtitle}"
    return str(getattr(block, "caption", "")) or str(getattr(block, "text", ""))


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Tiles):
        yield from (f"{i.tone} {i.label}: {i.headline}; {'; '.join(i.lines)}" for i in block.items)
    elif isinstance(block, Law):
        yield from (f"{item.tone} {item.label}: {item.cases}" for item in block.items)
    elif isinstance(block, Cards | Agenda):
        for card in block.items:
            yield f"{card.tone} {card.badge} {card.message} / {card.why} / {card.value} ({card.compared})"
            yield f"  {card.action} / {card.role} / {card.note}"
        yield block.more if block.items else block.empty
        yield from (f"{item.tone} {item.text}" for item in getattr(block, "also", ()))
    elif isinstance(block, Remarks):
        yield from (f"{item.tone} {item.text} / {item.role}" for item in block.items)
        yield block.more
    elif isinstance(block, Findings):
        for item in block.items:
            head = f"{item.tone} {item.badge} {item.title}: {item.value} ({item.target})"
            yield f"{head} {item.sentence} {item.react}"
        yield block.more if block.items else block.empty
    elif isinstance(block, MetricTable):
        yield " | ".join(block.columns)
        for row in block.rows:
            yield f"{row.tone} {row.name} {row.unit} | {' | '.join(row.cells)} | {row.status} | {row.note}"
    elif isinstance(block, Table):
        yield " | ".join(column.label for column in block.columns) + f" + {block.blank_rows}"
        tones = {(row, column): tone for row, column, tone in block.tones}
        for at, cells in enumerate(block.rows):
            yield " | ".join(f"{tones.get((at, n), '')} {cell}".strip() for n, cell in enumerate(cells))
        yield block.note if block.rows else block.empty
    else:
        yield from _drawn(block)


def _drawn(block: Block) -> Iterator[str]:
    if isinstance(block, Trend):
        lines = ", ".join(f"{line.role} {line.label}" for line in block.lines)
        yield f"{block.labels[0]}–{block.labels[-1]}: {lines}; {block.latest}; band {block.low}–{block.high}"
        yield from (f"mark {block.labels[mark.at]} {mark.label}" for mark in block.marks)
        yield from (block.note, block.alt)
    elif isinstance(block, Bars):
        yield from (f"{bar.tone} {bar.label}: {bar.text}" for bar in block.bars)
        yield from (f"{block.target_label}; {block.reference_label}; {block.note}", block.alt)
    elif isinstance(block, Stacked):
        yield from (f"{bar.label}: {bar.shares} {bar.text}" for bar in block.bars)
        yield from (" < ".join(block.legend), block.alt)
    elif isinstance(block, Definitions):
        yield from (f"{name}: {meaning}" for name, meaning in block.items)
    elif isinstance(block, Text):
        yield from block.paragraphs
    else:
        assert isinstance(block, Notice)
        yield block.tone
