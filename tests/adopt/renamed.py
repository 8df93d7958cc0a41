"""The demo's extracts as another county's systems would have written them: the same rows, other words."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import load_workbook

Row = dict[str, Any]


@dataclass(frozen=True)
class Other:
    """How a source's files are written elsewhere: names, headings in a new order, words in cells, a title."""

    old: str
    new: str
    source: str
    headings: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    units: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    title: tuple[str, ...] = ()
    encoding: str = "utf-8-sig"
    delimiter: str = ";"
    answers: Mapping[str, str] = field(default_factory=dict)
    """By heading, the column of those that nobody could tell."""


def _turned(code: str) -> str:
    """``TA Lohja`` as ``Lohja / TA``."""
    return " / ".join(reversed(code.split(" ", 1))) if code.startswith("TA ") else code


GENITIVES = {
    "Espoonlahti": "Espoonlahden", "Hanko": "Hangon", "Inkoo": "Inkoon", "Kalajärvi": "Kalajärven",
    "Karjaa": "Karjaan", "Karkkila": "Karkkilan", "Kauniainen": "Kauniaisten", "Kirkkonummi": "Kirkkonummen",
    "Leppävaara": "Leppävaaran", "Lohja": "Lohjan", "Matinkylä": "Matinkylän", "Samaria": "Samarian",
    "Tammisaari": "Tammisaaren", "Tapiola": "Tapiolan", "Vihti": "Vihdin",
}  # fmt: skip


def _genitive(code: str) -> str:
    """``Hanko ta`` as ``HANGON TA.``, so that no code and no name is left as it was."""
    for name, genitive in GENITIVES.items():
        if code == name or code.startswith(f"{name} "):
            return f"{genitive.upper()}{code[len(name) :].upper()}"
    return code


OTHERS = (
    Other(  # English, in another order, another encoding
        "puhelut_",
        "calls_",
        "phone_contacts",
        {
            "Lopputulos": "End state",
            "Saapunut": "Arrived at",
            "Jono": "Queue name",
            "Puhelu ID": "Call ID",
            "Järjestelmä": "Platform",
            "Vastannut yksikkö": "Handling unit code",
            "Tyyppi": "Contact kind",
            "Vastattu": "Answered at",
            "Ensimmäinen takaisinsoitto": "First callback",
            "Tavoitettu": "Reached at",
            "Soittoyritykset": "Attempts",
            "Kielilinja": "Line language",
            "Aukioloaikana": "In opening hours",
        },
        words={
            "Tyyppi": {"Puhelu": "Live call", "Takaisinsoitto": "Request for callback"},
            "Lopputulos": {
                "soitettu takaisin": "Takaisin soitettu",
                "vastattu": "Answered",
                "luopunut": "Hung up",
            },
        },
        units={"Jono": _turned, "Vastannut yksikkö": _turned},
        delimiter=",",
        answers={
            "Attempts": "attempts_n",
            "Queue name": "unit_code",
            "First callback": "first_callback_at",
            "Line language": "language",
            "Platform": "",
        },
    ),
    Other(  # Swedish
        "haipro_",
        "haipro_rapport_",
        "haipro_reports",
        {
            "Ilmoitustyyppi": "Anmälningstyp",
            "Ilmoitusnumero": "Anmälningsnummer",
            "Ilmoitettu": "Anmäld",
            "Tapahtumayksikkö": "Händelseenhet",
            "Käsittelevä yksikkö": "Behandlande enhet",
            "Saapunut": "Ankomsttid",
            "Siirretty": "Överförd",
            "Siirtävä yksikkö": "Överförande enhet",
            "Vastaanotettu": "Mottagen",
            "Luokiteltu": "Klassificerad",
            "Analysoitu": "Analyserad",
            "Käsittely päättynyt": "Avslutad",
            "Käsittelyn tila": "Läge",
            "Tapahtuman luonne": "Karaktär",
            "Tapahtuman tyyppi": "Typ av händelse",
            "Seuraus potilaalle": "Följd",
            "Riskiluokka": "Riskklass",
            "Toimenpide ehdotus": "Åtgärdsförslag",
            "Vakava vaaratapahtuma": "Allvarlig händelse",
            "Lomakeversio": "Blankettversion",
        },
        encoding="cp1252",
        answers={
            "Överförd": "transferred_at",
            "Överförande enhet": "transferred_from_unit_code",
            "Klassificerad": "classified_at",
            "Analyserad": "analysed_at",
            "Allvarlig händelse": "serious_process",
            "Blankettversion": "",
        },
    ),
    Other(  # a title above the table, genitives in capitals
        "palaute_",
        "asiakkaat_",
        "client_feedback",
        {
            "Status": "Käsittelyn tila",
            "Palaute ID": "ID palaute",
            "Kohde": "Kohdeyksikkö",
            "Jätetty": "Jätetty pvm",
            "Palautekanava": "Kanava",
            "Avoin palaute": "Avoin palaute",
            "Nosto": "Nosto",
            "Palautetyyppi": "Palautteen laji",
            "Aihe": "Teema",
            "Vastaus toivottu": "Haluaa vastauksen",
            "Käsittely aloitettu": "Käsittely aloitettu",
            "Käsittely päättynyt": "Käsittely päättynyt",
            "Vastine annettu": "Vastine annettu",
            "Uudelleenohjattu": "Siirretty",
            "Siirretty yksiköstä": "Yksiköstä siirretty",
            "Avattu uudelleen": "Uudelleen avattu",
            "Kieli": "Kieli",
        },
        units={"Kohde": _genitive, "Siirretty yksiköstä": _genitive},
        title=("Asiakaspalautteet", "Tulostettu raportointipalvelusta"),
        answers={
            "Käsittelyn tila": "state",
            "Kohdeyksikkö": "unit_code",
            "Jätetty pvm": "received_at",
            "Palautteen laji": "feedback_kind",
        },
    ),
    Other(  # the units by the codes of another system, codes in words
        "talous_",
        "toteumat_",
        "budget_monthly",
        {
            "Tiliryhmä": "Kostnadspost",
            "Toteuma": "Utfall",
            "Talousarvio": "Budget",
            "Vuosibudjetti": "Årsbudget",
            "Tilinpäätösennuste": "Prognos",
            "Kausi suljettu": "Kausi suljettu",
            "Kausi": "Månad",
            "Kustannuspaikka": "Kostnadsställe",
        },
        units={"Kustannuspaikka": lambda code: code.replace("41", "7", 1)},
        delimiter="\t",
        encoding="utf-16",
        answers={
            "Kostnadsställe": "unit_code",
            "Årsbudget": "budget_year_eur",
            "Prognos": "forecast_year_eur",
        },
    ),
    Other(  # a workbook with a title, shuffled
        "resursointi_",
        "miehitys_",
        "resourcing_weekly",
        {
            "Toteutunut": "Toteutunut",
            "Poissaolot": "Poissaolot (htpv)",
            "Viikko": "Vecka",
            "Ammattiryhmä": "Yrkesgrupp",
            "Suunniteltu": "Tavoiteresurssi",
            "Vuokratyö": "Vuokratyö",
            "Terveysasema": "Yksikkö",
        },
        words={"Ammattiryhmä": {"LK": "Lääkärit", "SH": "Hoitajat", "MUU": "Muut"}},
        units={"Terveysasema": _genitive},
        title=("Miehitys viikoittain",),
        answers={"Poissaolot (htpv)": "absence_person_days"},
    ),
)


def rename(folder: Path, others: Sequence[Other] = OTHERS) -> None:
    """Write the files of a delivery anew, each as its source's other system does."""
    for path in sorted(folder.iterdir()):
        for other in others:
            if path.name.startswith(other.old):
                target = path.with_name(path.name.replace(other.old, other.new, 1))
                (_workbook if path.suffix == ".xlsx" else _text)(path, target, other)
                path.unlink()


def _as_written(row: Row, other: Other) -> list[Any]:
    made = []
    for heading in other.headings:
        cell = row[heading]
        cell = other.words.get(heading, {}).get(cell, cell)
        made.append(other.units[heading](cell) if heading in other.units and cell else cell)
    return made


def _text(path: Path, target: Path, other: Other) -> None:
    content = path.read_bytes()
    encoding = "utf-16" if content.startswith(b"\xff\xfe") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    first = text.splitlines()[0]
    given = max(";\t,", key=first.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=given)
    with target.open("w", encoding=other.encoding, newline="") as file:
        file.writelines(f"{line}\r\n" for line in other.title)
        out = csv.writer(file, delimiter=other.delimiter)
        out.writerow(other.headings.values())
        out.writerows(_as_written(row, other) for row in rows)


def _workbook(path: Path, target: Path, other: Other) -> None:
    names, *cells = load_workbook(path).get_sheet_by_index(0).to_python()
    headings = [str(name) for name in names]
    book = xlsxwriter.Workbook(target, {"default_date_format": "d.m.yyyy"})
    sheet = book.add_worksheet("Taul1")
    for at, line in enumerate(other.title):
        sheet.write(at, 0, line)
    sheet.write_row(len(other.title) + 1, 0, list(other.headings.values()))
    for at, row in enumerate(cells):
        made = _as_written(dict(zip(headings, row, strict=True)), other)
        plain = [None if cell == "" else cell for cell in made]
        assert not any(isinstance(cell, dt.time) for cell in plain)
        sheet.write_row(len(other.title) + 2 + at, 0, plain)
    book.close()
