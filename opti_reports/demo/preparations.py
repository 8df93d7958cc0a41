"""How units prepared the meeting above them: what they wrote beside their deviations."""

from __future__ import annotations

import numpy as np

from opti_reports.demo.days import first_day
from opti_reports.demo.layout import Layout
from opti_reports.demo.source import Rows, Source, empty_some, pick
from opti_reports.demo.world import World

PREPARATIONS = Layout(
    source="preparation_notes",
    order="unit_code, month, metric_id, cause, action, owner_role, due_at, support, escalate",
    codes={"owner_role": "ylilääkäri, osastonhoitaja, apulaisosastonhoitaja"},
    booleans=("kyllä", "ei"),
    xlsx=True,
)
# Metric, cause, action (empty: none), support needed (empty: none).
ANSWERS = (
    ("callback_24h_pct", "Iltapäivän takaisinsoittoihin ei ollut omaa vuoroa",
     "Takaisinsoittovuoro joka arki-iltapäivään", ""),
    ("immediate_access_pct", "Maanantaiaamujen ruuhka",
     "Toinen hoitaja puhelimeen maanantaisin", "Puheluiden siirto keskitettyyn puhelinpalveluun ruuhkassa"),
    ("haipro_closed_60d_pct", "Käsittelijän poissaolo, varahenkilöä ei ollut",
     "", "Varahenkilö toisesta yksiköstä"),
    ("sick_leave_pct", "Flunssakausi alkoi aikaisin", "", ""),
    ("care_need_same_day_pct", "Kirjausohje on ollut epäselvä",
     "Ohje kerrataan viikkopalaverissa", "Yhteinen ohje kaikille asemille"),
)  # fmt: skip
DAYS = "timedelta64[D]"


def make_preparations(world: World, month: int) -> Rows:
    """Return two deviations of each unit that answered; some of the units did not."""
    rng = world.rng("preparation_notes", month)
    units = world.org.alive(world.org.with_code("opti"), month)
    answered = units[rng.random(len(units)) < 0.75]
    unit = np.repeat(answered, 2)
    n = len(unit)
    first = rng.integers(0, len(ANSWERS), len(answered))
    second = (first + rng.integers(1, len(ANSWERS), len(answered))) % len(ANSWERS)
    chosen = np.column_stack([first, second]).ravel()
    metrics, causes, actions, support = zip(*(ANSWERS[i] for i in chosen), strict=True) if n else ((),) * 4
    due = first_day(month + 1) + rng.integers(30, 120, n).astype(DAYS)
    return {
        "unit_code": unit,
        "month": np.full(n, month),
        "metric_id": np.array(metrics, dtype=object),
        "cause": np.array(causes, dtype=object),
        "action": np.array([text or None for text in actions], dtype=object),
        "owner_role": empty_some(rng, pick(rng, n, 0.4, 0.4, 0.2), 0.2),
        "due_at": empty_some(rng, due, 0.3),
        "support": np.array([text or None for text in support], dtype=object),
        "escalate": empty_some(rng, rng.random(n) < 0.3, 0.1),
    }


SOURCE = Source(layout=PREPARATIONS, make=make_preparations, snapshot=True)
