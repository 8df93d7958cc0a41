"""Nobody works a protected figure out: demo months of three sizes, as each audience sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from opti_reports import workspace as places
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.demo import generate
from opti_reports.disclosure.gate import Gate
from opti_reports.metrics.evaluate import Inputs
from opti_reports.model.value import Value, Values
from opti_reports.periods.months import parse_month
from opti_reports.stages.disclosure import periods_of, withheld
from opti_reports.stages.groups import together
from opti_reports.stages.inputs import inputs
from opti_reports.stages.values import exact
from tests.disclosure.linear import Attack, only
from tests.pipeline import taken_until
from tests.workspaces import LAST

SCALES = (0.005, 0.02, 0.1)
BOUNDS = 10
"""So many withheld figures of each group are asked for by bounds too."""
MONTH = parse_month(LAST)


class Month(NamedTuple):
    """What a month's figures were, and what each audience was shown of them."""

    configs: Configs
    inputs: Inputs
    exact: dict[str, Values]
    shown: dict[str, Values]


def five(configs: Path) -> None:
    """Withhold figures of fewer than five of every sensitivity from everybody; rows stay with readers."""
    audiences = configs / "audiences.toml"
    text = audiences.read_text(encoding="utf-8")
    limits = ", ".join(f"{id} = 5" for id in re.findall(r'(?m)^id   = "(.*)"', text))
    text = re.sub(r"(?m)^protect( *)= .*", rf"protect\1= {{ {limits} }}", text)
    audiences.write_text(re.sub(r"(?m)^headlines_shown.*\n", "", text), encoding="utf-8")
    for source in (configs / "sources").glob("*.toml"):
        rows = re.sub(r"(?m)^rows_shown.*\n", "", source.read_text(encoding="utf-8"))
        every = '[[list]]\nrows_shown = ["pair", "unit", "service_unit", "county", "public"]'
        source.write_text(rows.replace("[[list]]", every), encoding="utf-8")


def month(root: Path, scale: float, *, strict: bool) -> Month:
    """Make a month of the demo and withhold from every audience what it may not see."""
    place = places.init(root)
    if strict:
        five(place.configs)
    generate(place.data, LAST, organisation_file=place.configs / "organisation.toml", months=14, scale=scale)
    configs = load(place.configs, place.demo)
    facts = taken_until(configs, place.data, root, LAST)
    told: dict[str, list[Value]] = {}
    were: dict[str, list[Value]] = {}
    for ids in together(configs):
        made = exact(configs, facts, MONTH, ids)
        for audience, figures in withheld(configs, made, MONTH):
            assert not figures.exposed, audience
            told.setdefault(audience, []).extend(figures.now)
            were.setdefault(audience, []).extend(periods_of(configs, configs.protection(audience), made.now))
    as_values = ({id: Values(tuple(own)) for id, own in found.items()} for found in (were, told))
    return Month(configs, inputs(configs, facts, MONTH), *as_values)


def attacks(made: Month, audience: str) -> Iterator[tuple[str, list[object]]]:
    """Yield what can be worked out of each group of metrics, by sums and by bounds."""
    protection = made.configs.protection(audience)
    gate = Gate(made.configs.metrics, made.inputs.at.tree, protection)
    small = {
        (v.metric, v.org, v.period, v.breakdown, v.key): v for v in made.exact[audience] if gate.least(v)
    }
    limits = {
        place: protection.limit(made.configs.metrics[place[0]], *place[3:])
        for place, v in small.items()
        if v.n
    }

    def always(value: Value) -> bool:
        return not protection.limit(made.configs.metrics[value.metric], value.breakdown, value.key)

    for group in together(made.configs):
        ids = [id for id in group if made.configs.metrics[id].kind in ("ratio", "total")]
        publication = only(made.inputs, made.shown[audience], ids)
        if any(value.state == "withheld" for value in publication.masked):
            own = {place: limit for place, limit in limits.items() if place[0] in ids and limit}
            attack = Attack([publication])
            yield "+".join(ids), [*attack.works_out(set(small)), *attack.too_close(own, always, BOUNDS)[1]]


@pytest.mark.heavy
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("strict", [False, True], ids=["as shipped", "five everywhere"])
def test_no_audience_works_out_what_it_may_not_see(scale: float, strict: bool, tmp_path: Path) -> None:
    made = month(tmp_path, scale, strict=strict)
    attacked, seen = 0, list[Values]()
    for audience, shown in made.shown.items():
        if shown in seen:
            continue  # another audience sees exactly these, and was tried
        seen.append(shown)
        for ids, told in attacks(made, audience):
            assert told == [], (audience, ids)
            attacked += 1
    assert attacked > 10
