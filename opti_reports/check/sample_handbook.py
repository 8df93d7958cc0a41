"""A handbook of one card, to try its template on."""

from __future__ import annotations

from dataclasses import replace

from opti_reports.model.handbook import GroupingPart, GroupPart, Handbook, MeasurePart


def one_card(book: Handbook) -> Handbook:
    """Return the handbook with one card, and one measure that leads to it: enough to try a template on.

    Where no source of a workspace feeds a metric there is no card.
    """
    if not book.areas:
        return book
    area = book.areas[0]
    theme = area.themes[0]
    card = theme.cards[0]
    measure = MeasurePart(card.name, ((card.id, card.name),), card.name, card.name)
    asked = GroupingPart(card.name, card.name, (GroupPart(card.name, (measure,)),))
    areas = (replace(area, themes=(replace(theme, cards=(card,)),)),)
    return replace(book, areas=areas, groupings=(asked,))
