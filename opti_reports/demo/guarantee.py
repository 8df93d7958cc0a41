"""What tells which visits a limit of the law speaks of: reason, licence, own wish, therapy; and the channel.

It is drawn from a stream of its own, so that an extract with these columns differs in nothing else.
"""

from __future__ import annotations

import numpy as np

from opti_reports.demo.contacts import LK, MUU, NONURGENT, VISITS
from opti_reports.demo.days import DAY, midnight
from opti_reports.demo.draw import Draw
from opti_reports.demo.rows import Ints, Rows, only, rows_of
from opti_reports.periods.months import parse_month

STREAM = "avohilmo_events.guarantee"
OF_LIMIT = ("illness", "injury", "chronic_worsened", "new_symptom", "functional_decline")
EXEMPT = ("certificate", "vaccination", "health_check", "other_specialty")
# Since the law has a limit for therapies they are kept apart.
THERAPIES_FROM = parse_month("2025-05")


def with_events(month: Draw, table: Rows) -> Rows:
    """Return the table with what the month's events tell of the limits."""
    draw = Draw.of(month.world, month.layout, month.month, STREAM).rows(rows_of(table))
    assessed, seen = ~np.isnat(table["hta_at"]), ~np.isnat(table["visit_start"])
    age = _age_assessed(draw, table)
    licence = np.select([table["profession_class"] == LK, table["profession_class"] == MUU], [1.0, 0.6], 0.97)
    waited = np.where(assessed & seen, (table["visit_start"] - table["hta_at"]) / DAY, 0)
    wished = draw.chance(np.where(waited > 14, 0.3, 0.004))
    young = assessed & (age < 23) & (table["hta_urgency"] == NONURGENT)
    begun = month.month >= THERAPIES_FROM or not month.world.stories
    therapy = young & draw.chance(np.where(seen, 0.06, 0.006) * begun)
    channel = draw.code("contact_channel", phone=0.62, digital=0.24, walk_in=0.11, other=0.03, empty=0.06)
    return table | {
        "age_at_hta": only(draw.some(age, 0.05), assessed),
        "contact_channel": only(channel, ~np.isnat(table["contacted_at"])),
        "visit_reason": draw.some(_reasons(draw, table), 0.07),
        "licensed": only(draw.flag(licence, empty=0.04), seen),
        "own_wish": only(draw.some(wished, 0.25), assessed),
        "therapy_guarantee": only(np.where(draw.chance(0.4) & ~therapy, -1, therapy), assessed),
    }


def _age_assessed(draw: Draw, table: Rows) -> Ints:
    """Return the age on the day of the assessment; without stories nobody grows older."""
    if not draw.world.stories:
        return table["age_at_event"]
    born = draw.world.people.born[table["client_pseudo_id"]]
    age = (midnight(table["hta_at"]) - born).astype(np.int64) / 365.2425
    return np.where(np.isnat(table["hta_at"]), -1, np.maximum(age, 0)).astype(np.int64)


def _reasons(draw: Draw, table: Rows) -> Ints:
    """Return reasons: of planned and exempt visits, and a few others, one the limit does not speak of."""
    shares = (0.42, 0.13, 0.12, 0.29, 0.04)
    usual = draw.pick(*shares, of=VISITS.positions("visit_reason", *OF_LIMIT))
    exempt = draw.pick(0.4, 0.2, 0.2, 0.2, of=VISITS.positions("visit_reason", *EXEMPT))
    follow_up, other = VISITS.positions("visit_reason", "follow_up", "other")
    return np.select(
        [table["plan_based"] == 1, (table["guarantee_exempt"] == 1) | draw.chance(0.02), draw.chance(0.03)],
        [np.full(draw.n, follow_up), exempt, np.full(draw.n, other)],
        usual,
    )
