"""The configs of a tiny organisation: metrics with one of each kind of target and window, and packs."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from opti_reports.config.audiences import Audiences
from opti_reports.config.brand import BrandFile
from opti_reports.config.configs import Configs
from opti_reports.config.limits import Limits
from opti_reports.config.metric import AnyMetric
from opti_reports.config.pack import PackSpec
from opti_reports.config.recipients import Recipients
from opti_reports.config.settings import Findings, Settings, Targets
from opti_reports.config.source import LIST_NEEDS, Source
from opti_reports.config.theme import Area, Lead, Theme
from opti_reports.language.wording import Wording, flatten
from opti_reports.model.fact import Shape
from opti_reports.model.finding import Basis
from opti_reports.model.organisation import Organisation, Unit
from opti_reports.periods.months import parse_month
from tests.findings.world import METRIC

CONFIGS = Path(__file__).parents[2] / "configs"
LANGUAGES = ("fi", "sv", "en")
DATA_MONTH = parse_month("2026-08")
UNITS = ("ranta", "metsa", "kallio")
LEVELS = {"alue": "monthly", "palveluyksikko": "monthly", "yksikko": "monthly"}


def words(fi: str) -> dict[str, str]:
    """One text in three languages, told apart by their codes."""
    return {"fi": fi, "sv": f"{fi} sv", "en": f"{fi} en"}


def _unit(id: str, level: str, parent: str | None, **more: Any) -> Unit:
    names = {language: f"{id.capitalize()} {language} {level}" for language in LANGUAGES}
    base = Unit(
        id=id,
        level=level,
        type=level,
        parent=parent,
        names=names,
        first=500,
        last=None,
        successor=None,
        small_staff_group=False,
        codes={"tila": (id,), "talous": (id,)},
    )
    return replace(base, **more)


ORGANISATION = Organisation(
    ("alue", "palveluyksikko", "yksikko"),
    {level: words(level.capitalize()) for level in LEVELS},
    (
        _unit("alue", "alue", None),
        _unit("etela", "palveluyksikko", "alue"),
        _unit("ranta", "yksikko", "etela"),
        _unit("metsa", "yksikko", "etela", small_staff_group=True),
        _unit("suo", "yksikko", "etela", last=parse_month("2025-12"), successor="ranta"),
        _unit("pohjoinen", "palveluyksikko", "alue"),
        _unit("kallio", "yksikko", "pohjoinen", codes={"tila": ("kallio",)}),
        _unit("kohdistamaton", "yksikko", "alue", codes={}),
    ),
    "kohdistamaton",
)
TREE = ORGANISATION.tree(DATA_MONTH)


def _wording(folder: str, language: str) -> Wording:
    text = (CONFIGS / folder / f"{language}.toml").read_text(encoding="utf-8")
    return Wording(language, flatten(tomllib.loads(text)))


def _list(id: str, kind: str) -> dict[str, Any]:
    columns = dict.fromkeys(LIST_NEEDS.get(kind, ()), "d")
    empty = words("Ei avoimia asioita.") if kind == "open_cases" else None
    plain = {
        "id": id,
        "kind": kind,
        "sensitivity": "cases",
        "empty": empty,
        "where": "true",
        "unit": "u",
        "columns": columns,
    }
    return plain | LISTS_MORE.get(id, {})


LISTS_MORE: dict[str, dict[str, Any]] = {
    "omavalvonta": {"columns": {"haipro_with_staff_on": "d"}, "fresh": {"haipro_with_staff_on": 2}},
    "action_haipro": {"columns": {"report_id": "d"}, "acted_on": "report_id"},
}


def _source(id: str, system: str, presence: str, lists: Mapping[str, str] | None = None) -> Source:
    return Source.model_validate(
        {
            "id": id,
            "name": words(f"Lähde {id}"),
            "system": system,
            "files": [f"{id}*.csv"],
            "presence": presence,
            "owner_role": words("Koordinaattori"),
            "due": {"working_day": 3},
            "date": "d",
            "key": ["k"],
            "window_months": 2,
            "column": {"d": {"type": "date"}},
            "list": [_list(name, kind) for name, kind in (lists or {}).items()],
        }
    )


LISTS = {
    "actions": "actions",
    "open_haipro": "open_cases",
    "omavalvonta": "register",
    "action_haipro": "rows",
    "quotes": "quotes",
}
SOURCES = {
    source.id: source
    for source in (
        _source("puhelut", "tila", "required", LISTS),
        _source("talous", "talous", "lagging"),
        _source("kysely", "tila", "optional"),
    )
}
SHAPES = {
    fact: Shape(
        id=fact,
        source=source,
        system="tila",
        by=by,
        codes={},
        measures={"n": 1, "hit": 1},
        numeric=frozenset(),
        private=(),
        stock=False,
        weekly=False,
    )
    for fact, source, by in (
        ("calls", "puhelut", {"nature": 1}),
        ("money", "talous", {}),
        ("answers", "kysely", {"statement": 1, "score": 1}),
    )
}


def _metric(name: str, **more: Any) -> AnyMetric:
    plain = {
        "name": words(name),
        "definition": words(f"Mitä {name.lower()} on."),
        "unit": "percent",
        "levels": LEVELS,
        "sensitivity": "open",
    }
    share = {} if "kind" in more else {"num": "calls.hit", "den": "calls.n"}
    return METRIC.validate_python(plain | share | more)


def _target(kind: str, op: str, value: Any) -> dict[str, Any]:
    return {
        "op": op,
        "value": value,
        "kind": kind,
        "source": {"fi": "Lähde", "sv": "Källa", "en": "Source"},
        "valid_from": dt.date(2026, 1, 1),
    }


METRICS = {
    "calls_n": _metric(
        "Puhelut",
        unit="count",
        decimals=0,
        kind="total",
        num="calls.hit",
        by=["nature"],
        sensitivity="cases",
    ),
    "access_pct": _metric(
        "Yhteydensaanti",
        direction="up",
        min_n=30,
        scale=100,
        message={
            "missed": words("Yhteyden sai {value}"),
            "gap": words("Puuttui {count} tavoitteesta {target}."),
            "gap_one": words("Puuttui yksi tavoitteesta {target}."),
        },
        barrier=[{"name": words("aamuruuhka"), "action": words("ei palavereja")}],
    ),
    "reached_pct": _metric("Tavoitetut", companion_of="access_pct"),
    "closed_pct": _metric("Käsitellyt", direction="up", min_n=5, target=_target("process", ">=", 95)),
    "guarantee_pct": _metric(
        "Hoitotakuu",
        direction="up",
        bounds=[0, 100],
        target=_target("law", ">=", 100),
        message={"missed": words("Hoitotakuu ylittyi {late}/{n} käynnissä")},
    ),
    "nps": _metric(
        "Suositteluindeksi", unit="nps", decimals=0, num="answers.hit", den="answers.n", sensitivity="answers"
    ),
    "budget_pct": _metric("Talousarvio", direction="band", num="money.hit", den="money.n", window="ytd"),
    "pulse": _metric("Työhyvinvointi", unit="score_1_5", decimals=2, window="wave", sensitivity="staff"),
    "new_pct": _metric("Kokeilu", direction="up", target=_target("proposed", ">=", 50)),
}
AIMS: dict[str, tuple[str, tuple[float, ...], Basis]] = {
    "access_pct": (">=", (80.0,), "agreed"),
    "closed_pct": (">=", (95.0,), "agreed"),
    "guarantee_pct": (">=", (100.0,), "law"),
    "budget_pct": ("between", (97.0, 101.0), "agreed"),
    "new_pct": (">=", (50.0,), "proposed"),
}


@lru_cache(maxsize=1)
def configs() -> Configs:
    """The tiny organisation's configs; the phrases are the real ones."""
    themes = tuple(
        Theme(
            id=theme,
            area=area,
            name=words(theme),
            owner_role=words(f"Vastuu {theme}"),
            lead={level: Lead(role=words(f"Vetäjä {level}")) for level in LEVELS if theme == "palvelu"},
            metric={m: METRICS[m] for m in metrics},
        )
        for theme, area, metrics in (
            (
                "palvelu",
                "asiakkaat",
                ["calls_n", "access_pct", "reached_pct", "closed_pct", "guarantee_pct", "nps", "new_pct"],
            ),
            ("vara", "voimavarat", ["budget_pct", "pulse"]),
        )
    )
    areas = (
        Area(id="asiakkaat", name=words("Asiakkaat"), themes=("palvelu",)),
        Area(id="voimavarat", name=words("Voimavarat"), themes=("vara",)),
    )
    settings = Settings(time_zone="Europe/Helsinki", country="FI", languages=LANGUAGES, history_months=24)
    brand = BrandFile.model_validate(tomllib.loads((CONFIGS / "brand.toml").read_text(encoding="utf-8")))
    audiences = Audiences.model_validate(
        tomllib.loads((CONFIGS / "audiences.toml").read_text(encoding="utf-8"))
    )
    wordings = {
        language: _wording("languages", language).with_own(_wording("labels", language))
        for language in LANGUAGES
    }
    return Configs(
        settings=settings,
        audiences=audiences,
        areas=areas,
        themes=themes,
        metrics=METRICS,
        sources=SOURCES,
        shapes=SHAPES,
        organisation=ORGANISATION,
        limits=Limits(),
        targets=Targets(),
        findings=Findings(deviations_shown=2),
        recipients=Recipients(),
        brand=brand,
        packs={spec.id: spec for spec in SPECS},
        wordings=wordings,
    )


def spec(id: str, level: str, *blocks: dict[str, Any], **more: Any) -> PackSpec:
    """A pack with one section of the blocks."""
    section = {"id": "osa", "title": words("Osa"), "opening": True, "block": list(blocks)}
    return PackSpec.model_validate(
        {
            "id": id,
            "name": words("Raportti"),
            "meeting": words("Kokous"),
            "level": level,
            "audience": "unit",
            "format": "pdf",
            "section": [section],
            **more,
        }
    )


TABLE = {"kind": "metric_table", "metrics": [m for m in METRICS if m != "reached_pct"]}
OPENING = (
    {"kind": "completeness"},
    {"kind": "tiles"},
    {"kind": "cards"},
    {"kind": "law"},
    {"kind": "list", "list": "actions"},
)
SPECS = (
    spec(
        "yksikko",
        "yksikko",
        *OPENING,
        TABLE,
        {"kind": "trends", "metrics": ["access_pct", "calls_n", "budget_pct"]},
        {"kind": "breakdown", "metric": "calls_n", "by": "nature", "limit": 3},
        {"kind": "list", "list": "open_haipro", "limit": 2},
        {"kind": "list", "list": "omavalvonta"},
        {"kind": "distribution", "fact": "answers", "rows": "statement", "levels": "score"},
        {"kind": "decisions", "limit": 3},
        {"kind": "quality"},
        {"kind": "definitions"},
        {"kind": "staff_summary", "metrics": ["nps"]},
    ),
    spec(
        "katsaus",
        "palveluyksikko",
        *OPENING,
        {"kind": "matrix", "metrics": ["access_pct", "closed_pct", "nps"]},
        {"kind": "comparison", "metrics": ["access_pct", "nps"]},
        {"kind": "list", "list": "omavalvonta"},
        format="pptx",
    ),
    spec(
        "katselmus",
        "alue",
        TABLE,
        {"kind": "comparison", "metrics": ["closed_pct"], "of": "units"},
        {"kind": "trends", "metrics": ["closed_pct"]},
        cadence="tertial",
    ),
)
