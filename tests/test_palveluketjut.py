"""Service chains by configs alone: two trees over the same units, transitions, costs, a cascade of goals.

The figures of the newest month are counted again from the rows of its extracts, in plain Python.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import pytest

from opti_reports.workspace import init
from tests.workspaces import LAST, ask, once

HOME = {"KH-ET": "kotihoito_etela", "KH-LA": "kotihoito_lansi", "KH-PO": "kotihoito_pohjoinen"}
WARDS = {"PT-PAI": "paivystys", "PT-AKO": "kuntoutusosasto"}
GUIDANCE = {"AT-AO": "asiakasohjaus"}
PLACES = {
    "51010": "kotihoito_etela",
    "51020": "kotihoito_lansi",
    "51030": "kotihoito_pohjoinen",
    "51040": "asumispalvelut",
    "52010": "paivystys",
    "52020": "kuntoutusosasto",
    "52030": "kotisairaala",
    "53010": "asiakasohjaus",
}
LINE = {
    "koti_ja_asuminen": {*HOME.values(), "asumispalvelut"},
    "sairaanhoito": {*WARDS.values(), "kotisairaala"},
    "ohjaus": {"asiakasohjaus"},
    "hyvinvointialue": set(PLACES.values()),
}
CHAIN = {
    "palveluun_tulo": {"asiakasohjaus"},
    "kotona_asuminen": {*HOME.values(), "kotisairaala"},
    "kotiutuminen": set(WARDS.values()),
    "asuminen": {"asumispalvelut"},
    "ikaantyneet": set(PLACES.values()),
}
ORGS = {unit: {unit} for unit in PLACES.values()} | LINE | CHAIN
"""The units of every organisation of both hierarchies."""
AUGUST = dt.date(2026, 8, 1), dt.date(2026, 8, 31)
Row = dict[str, str]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The line's workspace with its demo and the run of the newest month; tests only read it."""

    def make(root: Path) -> None:
        init(root, "palveluketjut")
        for command in (
            ("demo", "--months", "14", "--last-month", LAST),
            ("run", "--month", LAST, "--jobs", "1"),
        ):
            done = ask(root, *command)
            assert done.exit_code == 0, done.output

    return once(tmp_path_factory, "palveluketjut", make)


def rows(place: Path, stem: str, codes: dict[str, str]) -> list[Row]:
    """The rows of the newest extract, each with its unit."""
    text = (place / "data" / LAST / f"{stem}_{LAST}.csv").read_text(encoding="utf-8-sig")
    found = csv.DictReader(text.splitlines(), delimiter=";")
    unit_column = next(
        name
        for name in found.fieldnames or ()
        if name in ("Yksikkö", "Kotiuttava yksikkö", "Kustannuspaikka")
    )
    return [row | {"unit": codes[row[unit_column]]} for row in found]


def day(text: str) -> dt.date | None:
    if not text:
        return None
    parts = text.split(".")
    return (
        dt.date(int(parts[2]), int(parts[1]), int(parts[0]))
        if len(parts) == 3
        else dt.date.fromisoformat(text)
    )


def values(place: Path, metric: str) -> dict[str, tuple[str, str]]:
    """Numerator and denominator of the newest month by organisation, of figures that are whole."""
    with (place / "output" / LAST / "values.csv").open(encoding="utf-8") as file:
        return {
            row["org"]: (row["numerator"], row["denominator"])
            for row in csv.DictReader(file)
            if (row["metric"], row["breakdown"], row["period_kind"], row["period"])
            == (metric, "", "month", LAST)
            and row["state"] == "ok"
        }


def agree(
    place: Path, metric: str, counted: Callable[[set[str]], tuple[Fraction | int, Fraction | int]]
) -> None:
    """Assert numerator and denominator of every organisation that has cases, in both hierarchies."""
    found = values(place, metric)
    wanted = {org: counted(units) for org, units in ORGS.items()}
    assert found.keys() == {org for org, (_, whole) in wanted.items() if whole}, metric
    for org, (part, whole) in found.items():
        assert (Fraction(part), Fraction(whole or 1)) == (wanted[org][0], wanted[org][1]), (metric, org)


def in_august(moment: dt.date | None) -> bool:
    return moment is not None and AUGUST[0] <= moment <= AUGUST[1]


def after(start: dt.date, workdays: int) -> dt.date:
    """The day so many weekdays later; there is no holiday in July or August."""
    while workdays:
        start += dt.timedelta(days=1)
        workdays -= start.weekday() < 5
    return start


def share(cases: Iterable[tuple[str, bool]]) -> Callable[[set[str]], tuple[int, int]]:
    """Count cases with what is asked, and all, of some units."""
    all_cases = list(cases)

    def counted(units: set[str]) -> tuple[int, int]:
        own = [hit for unit, hit in all_cases if unit in units]
        return sum(own), len(own)

    return counted


def test_clients_of_home_care_are_counted_once_on_every_level_of_both_hierarchies(place: Path) -> None:
    own = [row for row in rows(place, "kotihoito", HOME) if row["Kk"] == LAST]

    def counted(hit: Callable[[Row], bool]) -> Callable[[set[str]], tuple[int, int]]:
        def of(units: set[str]) -> tuple[int, int]:
            inside = [row for row in own if row["unit"] in units]
            return (
                len({row["Asiakasavain"] for row in inside if hit(row)}),
                len({row["Asiakasavain"] for row in inside}),
            )

        return of

    agree(place, "paivystys_kotihoidossa_pct", counted(lambda row: int(row["Päivystyskäynnit"]) > 0))
    agree(place, "tarkistus_pct", counted(lambda row: row["Vointi tarkistettu"] == "kyllä"))


def test_transitions_from_hospital_to_home(place: Path) -> None:
    own = [row for row in rows(place, "kotiutukset", WARDS) if row["Tarvitsee kotihoitoa"] == "kyllä"]
    left = [(row, day(row["Kotiutuspäivä"])) for row in own]
    agreed = (
        (row["unit"], row["Sovittu kotihoidon kanssa"] == "kyllä") for row, home in left if in_august(home)
    )
    agree(place, "kotiutus_sovittu_pct", share(agreed))
    begun, back = [], []
    for row, home in left:
        assert home is not None
        first, again = day(row["Ensimmäinen käynti"]), day(row["Paluu sairaalaan"])
        if in_august(home + dt.timedelta(days=1)):
            begun.append((row["unit"], first is not None and (first - home).days <= 1))
        if in_august(home + dt.timedelta(days=7)):
            back.append((row["unit"], again is not None and (again - home).days <= 7))
    agree(place, "siirtyma_1pv_pct", share(begun))
    agree(place, "paluu_7pv_pct", share(back))


def test_assessments_within_seven_working_days(place: Path) -> None:
    own = []
    for row in rows(place, "palvelutarpeet", GUIDANCE):
        came, begun = day(row["Yhteydenotto"]), day(row["Arviointi aloitettu"])
        assert came is not None
        limit = after(came, 7)
        if row["Yli 75-vuotias"] == "k" and in_august(limit):
            own.append((row["unit"], begun is not None and begun <= limit))
    agree(place, "arviointi_7ap_pct", share(own))


def test_costs_of_both_hierarchies_add_up_to_the_same(place: Path) -> None:
    own = [row for row in rows(place, "kustannukset", PLACES) if row["Kuukausi"] == "08/2026"]
    assert len(own) == len(PLACES)

    def counted(units: set[str]) -> tuple[Fraction, Fraction]:
        inside = [row for row in own if row["unit"] in units]
        euros = sum(Fraction(row["Toteutunut"].replace(",", ".")) for row in inside)
        return Fraction(euros), Fraction(sum(int(row["Asiakkaita"]) for row in inside))

    agree(place, "kustannus_asiakas_eur", counted)
    costs = {org: Fraction(part) for org, (part, _) in values(place, "ketjun_kustannus_eur").items()}
    line, chain = (
        sum(costs[org] for org in tree if len(tree) and org in costs)
        for tree in (
            ("koti_ja_asuminen", "sairaanhoito", "ohjaus"),
            ("palveluun_tulo", "kotona_asuminen", "kotiutuminen", "asuminen"),
        )
    )
    assert line == chain == costs["hyvinvointialue"] == costs["ikaantyneet"]


def test_the_cascade_names_where_it_breaks(place: Path) -> None:
    packs = place / "output" / LAST / "packs"
    for pack in ("ketjun_tilanne/ikaantyneet", "palvelualueen_katsaus/sairaanhoito"):
        content = json.loads((packs / f"{pack}.fi.json").read_text(encoding="utf-8"))
        (chain,) = (b for s in content["sections"] for b in s["blocks"] if b["kind"] == "goal_chain")
        assert [line["label"] for line in chain["lines"]] == ["Kotihoito", "Päivystys ja osasto"]
        broken = [goal["name"] for line in chain["lines"] for goal in line["goals"] if goal["breaks"]]
        assert broken == ["Vointi tarkistetaan joka kuukausi: länsi", "Päivystys sopii kotihoidon kanssa"]
        assert chain["message"] == f"Tavoite ei toteudu. Ketju katkeaa tässä: {'; '.join(broken)}."
