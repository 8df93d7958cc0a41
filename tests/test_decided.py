"""Who has decided: a new workspace agrees nothing, the demo brings decisions that go with its extracts."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from opti_reports import workspace as places
from opti_reports.config.configs import Configs
from opti_reports.config.load import load
from opti_reports.config.settings import Findings, Targets
from opti_reports.demo import generate
from opti_reports.errors import ConfigError
from opti_reports.findings import status
from opti_reports.model.finding import TargetInForce
from opti_reports.model.pack import Definitions, Notice
from opti_reports.model.value import Value
from opti_reports.packs.build import build
from opti_reports.periods.cadence import MONTH
from opti_reports.periods.months import parse_month
from opti_reports.periods.period import Period
from opti_reports.stages.basis import basis
from tests.packs import fixture
from tests.packs.world import SPECS, configs
from tests.workspaces import LAST, ROOT, decided, digests

OWN = """
[[target]]
metric       = "coc_index"
organisation = "avosairaanhoito"
op           = ">="
value        = 0.5
valid_from   = 2026-01-01
state        = "agreed"
agreed_by    = "Johtoryhmän puheenjohtaja"
agreed_at    = 2025-12-15
"""


@pytest.fixture
def demo(tmp_path: Path) -> places.Workspace:
    """A new workspace with the extracts of one source of the demo."""
    place = places.init(tmp_path / "demo")
    organisation = place.configs / "organisation.toml"
    generate(place.data, LAST, organisation_file=organisation, months=2, scale=0.005, sources={"contracts"})
    return place


def targets(found: Configs) -> status.Targets:
    tree = found.organisation.tree(parse_month(LAST))
    return status.Targets(found.metrics, found.targets.target, found.findings.watch, tree)


def in_force(found: Configs, metric: str, month: str = LAST, org: str = "tapiola") -> TargetInForce | None:
    return targets(found).in_force(metric, org, Period(MONTH, parse_month(month)))


def test_a_new_workspace_has_agreed_nothing(tmp_path: Path) -> None:
    found = load(places.init(tmp_path / "new").configs)
    assert not found.demo
    assert found.targets.target == ()
    assert [rule.agreed for rule in found.findings.escalation] == [False] * 3
    aims = {name: in_force(found, name) for name in found.metrics}
    bases = {name: aim.basis for name, aim in aims.items() if aim}
    guarantees = {"care_guarantee_u23_pct", "care_guarantee_23plus_pct", "terapiatakuu_u23"}
    laws = {*guarantees, "care_need_same_day_pct"}
    assert {name for name, basis in bases.items() if basis == "law"} == laws
    assert {basis for name, basis in bases.items() if name not in laws} == {"proposed"}
    assert len(bases) > 30


def test_what_nobody_agreed_gives_no_status_at_any_value(tmp_path: Path) -> None:
    found = load(places.init(tmp_path / "new").configs)
    judge = targets(found)
    for name, metric in found.metrics.items():
        if metric.target is not None and metric.target.kind != "law":
            for number in (0, 50, 100):
                value = Value(
                    metric=name,
                    org="tapiola",
                    period=Period(MONTH, parse_month(LAST)),
                    state="ok",
                    value=Fraction(number),
                    n=999,
                )
                assert judge.status(value).tone == "none", name


def test_the_demo_decides_beside_its_extracts_and_touches_no_config(demo: places.Workspace) -> None:
    assert digests(demo.configs) == digests(ROOT / "configs")
    found = decided(demo.root)
    assert found.demo
    assert all(rule.agreed for rule in found.findings.escalation)
    aim = in_force(found, "haipro_classified_7d_pct")
    assert aim == TargetInForce(">=", (95.0,), "demo", "avosairaanhoito")
    assert {t.agreed_by for t in found.targets.target} == {"Esittelyn keksitty johtoryhmä"}


def test_the_demos_decisions_count_in_its_months_alone(demo: places.Workspace) -> None:
    found = decided(demo.root)
    aims = [in_force(found, "nps", month) for month in ("2025-12", "2026-01", LAST, "2026-09")]
    assert [aim and aim.basis for aim in aims] == [None, "demo", "demo", "proposed"]


def test_they_go_when_the_demos_extracts_go(demo: places.Workspace) -> None:
    shutil.rmtree(demo.data)
    assert not decided(demo.root).demo


def test_what_the_organisation_has_agreed_goes_before_the_demo(demo: places.Workspace) -> None:
    path = demo.configs / "targets.toml"
    path.write_text(path.read_text(encoding="utf-8") + OWN, encoding="utf-8")
    found = decided(demo.root)
    assert in_force(found, "coc_index") == TargetInForce(">=", (0.5,), "agreed", "avosairaanhoito")
    assert in_force(found, "slicc_pct", org="leppavaara") == TargetInForce(
        ">=", (65.0,), "demo", "leppavaara"
    )
    generate(
        demo.data, LAST, organisation_file=demo.configs / "organisation.toml", months=2, sources={"contracts"}
    )
    assert path.read_text(encoding="utf-8").endswith(OWN)


def test_a_rule_of_escalation_that_is_signed_keeps_its_signature(demo: places.Workspace) -> None:
    path = demo.configs / "findings.toml"
    text = path.read_text(encoding="utf-8")
    signed = 'months = 1\nagreed_by = "Johtaja"\nagreed_at = 2026-02-01\n'
    path.write_text(text.replace("months = 1\n", signed, 1), encoding="utf-8")
    rules = decided(demo.root).findings.escalation
    assert (rules[0].agreed_by, rules[0].agreed_at) == ("Johtaja", dt.date(2026, 2, 1))
    assert rules[1].agreed_by == "Esittelyn keksitty johtoryhmä"


def test_a_broken_file_of_the_demo_is_named(demo: places.Workspace) -> None:
    demo.demo.write_text("valid_from = 2026-01-01\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"data/demo\.toml: valid_to"):
        decided(demo.root)


def test_figures_rest_on_the_demos_decisions_too(demo: places.Workspace) -> None:
    with_demo = basis(demo, ())
    demo.demo.unlink()
    assert basis(demo, ()) != with_demo


def notices(found: Configs, language: str = "fi") -> Iterator[str]:
    made = fixture.material(configs=found)
    for block in build(made, SPECS[0], "ranta", language).sections[0].blocks:
        if isinstance(block, Notice):
            yield block.text


def test_a_pack_says_whose_decisions_it_judges_by() -> None:
    assert "Esimerkki: tavoitteet ovat keksittyjä." in [*notices(replace(configs(), demo=True))]
    assert not [text for text in notices(configs()) if "Esittely" in text]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "Milloin ylempi taso reagoi poikkeamaan, on ehdotus, ei päätetty."),
        ("sv", "När en högre nivå reagerar på en avvikelse är ett förslag, inte beslutat."),
        ("en", "When a higher level reacts to a deviation is proposed, not decided."),
    ],
)
def test_rules_of_escalation_that_nobody_signed_are_told_as_proposed(language: str, words: str) -> None:
    rule = {"level": "alue", "months": 3}
    signed = rule | {"agreed_by": "Johtaja", "agreed_at": "2026-01-01"}
    for rules, said in (([rule], True), ([signed, rule], True), ([signed], False)):
        found = Findings.model_validate({"escalation": rules})
        assert (words in [*notices(replace(configs(), findings=found), language)]) is said


def test_a_proposed_target_is_printed_with_its_origin() -> None:
    made = fixture.material()
    (items,) = (
        block.items
        for block in build(made, SPECS[0], "ranta", "fi").sections[0].blocks
        if isinstance(block, Definitions) and any(name == "Kokeilu" for name, _ in block.items)
    )
    assert dict(items)["Kokeilu"].endswith("Tavoite ≥ 50\u00a0%: ehdotus, ei päätetty (Lähde).")
    own = {"fi": "Viime vuoden taso", "sv": "Nivån i fjol", "en": "Last year's level"}
    listed = {
        "metric": "new_pct",
        "organisation": "alue",
        "op": ">=",
        "value": 50,
        "valid_from": "2026-01-01",
    }
    told = Targets.model_validate({"target": [listed | {"state": "proposed", "origin": own}]})
    again = fixture.material(configs=replace(configs(), targets=told))
    assert "ehdotus, ei päätetty (Viime vuoden taso)" in str(build(again, SPECS[0], "ranta", "fi"))


@pytest.mark.parametrize("word", ["sovittu", "sovitu", "avtalad", "överenskommen", "agreed"])
def test_no_phrase_says_agreed_but_of_an_agreed_target(word: str) -> None:
    said = []
    for language in ("fi", "sv", "en"):
        lines = (ROOT / f"configs/languages/{language}.toml").read_text(encoding="utf-8").splitlines()
        said += [
            line.split("=")[0].strip() for line in lines if "=" in line and word in line.split("=", 1)[1]
        ]
    assert set(said) <= {"agreed", "target_agreed"}
