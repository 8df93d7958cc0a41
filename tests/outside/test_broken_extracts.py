"""Extracts as they truly come, odd or broken: each kind has the same figures, a named partial, or a refusal.

What a file of numbers cannot show is not here: a 3 that became a 4, or every amount of a month in cents.
"""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from tests.demo.reading import moment
from tests.outside.damage import (
    Damage,
    cells,
    copied,
    days,
    each,
    empty,
    filled,
    headings,
    last_months,
    more,
    newest,
    pattern,
    raw,
    rewritten,
    swapped,
    times,
    total,
    without,
    workbook,
)  # fmt: skip
from tests.outside.extract import Formula, files
from tests.outside.looking import Seen, clean_of, look, prepared
from tests.outside.outcomes import Named, Outcome, Partial, Refused, Same, Told
from tests.outside.ways import (
    TIMES,
    WEST,
    again,
    borrowed,
    fill,
    first_sum,
    form,
    later,
    legs,
    restarted,
    serial,
    shifted,
    spelt,
    west,
    whole,
)

SHOWN = 5
"""How many faults of a case are shown."""
TWO_WEEKS = ("2026-W33", "2026-W34")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EPOCH = dt.datetime(1970, 1, 1)
PHONE, DIGI, SURVEY, MONEY = "phone_contacts", "digi_contacts", "survey_responses", "budget_monthly"
CONTRACTS, WEEKS, PLANS, TRAINING = "contracts", "resourcing_weekly", "omavalvonta", "training_monthly"
STAFF, PLACES = "wellbeing_survey", "students_term"
REFERRALS, VISITS = "referrals", "avohilmo_events"


@dataclass(frozen=True)
class Case:
    """A kind of damage, what becomes of it, and how the clean extract differs from the demo's, if it does."""

    kind: str
    source: str
    damage: Damage
    outcome: Outcome
    base: Damage | None = None


SENT = [
    Case("as it was", PHONE, west(), Same()),
    Case("UTF-8 with a mark", PHONE, west(encoding="utf-8-sig"), Same()),
    Case("UTF-16", PHONE, west(encoding="utf-16"), Same()),
    Case("tabs between cells", PHONE, west(delimiter="\t"), Same()),
    Case("commas between cells, all in quotes", PHONE, west(delimiter=",", quoted=True), Same()),
    Case("empty columns behind the last", PHONE, west(headings(str), each(lambda row: [*row, "", ""]),
         lambda x: x.head.extend(["", ""])), Same()),
    Case("line breaks in quotes in a column nobody uses", PHONE,
         west(each(lambda row: [*row[:-1], "Puhepalvelu\n4"])), Same()),
    Case("headings in capitals with hard spaces", PHONE,
         west(headings(lambda h: f" {h.upper()} ".replace(" ", "\u00a0"))), Same()),
    Case("columns in another order", PHONE, west(swapped("end_state", "arrived_at", rows=True)), Same()),
    Case("blank lines among the rows", PHONE, west(more(lambda x: [[], [], []], 40)), Same()),
    Case("codes with spaces around them", PHONE, west(cells("unit_code", lambda c: f" {c}\u00a0 ")), Same()),
    Case("rows in another order", PHONE, west(lambda x: x.rows.reverse()), Same()),
    Case("a hard space in every time", PHONE,
         west(*(cells(c, filled(lambda t: t.replace(" ", "\u00a0"))) for c in TIMES)), Same()),
    Case("headings again in the middle", PHONE, west(more(lambda x: [list(x.head)], 100)), Same()),
    Case("headings again with a mark, of files put together", DIGI,
         rewritten(more(lambda x: [["\ufeff" + x.head[0], *x.head[1:]]], 100)), Same()),
    Case("a note below the rows", PHONE,
         west(more(lambda x: [[], fill(x, "Tulostettu 1.9.2026 klo 8.15")])), Same()),
    Case("lines above the headings", PHONE, west(before="Raportti: puhelut\nAjettu 1.9.2026\n\n"),
         Refused(r"puhelut_lantinen.*headings stand on row", (r"(?i)delete|remove",))),
    Case("a column that may hold names", PHONE,
         west(lambda x: x.head.append("Henkilötunnus"), each(lambda row: [*row, ""])),
         Refused(r"puhelut_lantinen.*'Henkilötunnus'.*personal")),
    Case("a required heading of another name", PHONE,
         west(headings(lambda h: h.replace("Saapunut", "Hetki"))),
         Refused(r"puhelut_lantinen.*'arrived_at' is missing", (r"Hetki",))),
    Case("an empty file", PHONE, raw(lambda content: b"", WEST), Refused(r"puhelut_lantinen.*empty")),
    Case("a workbook under the name of a text", PHONE, raw(lambda content: b"PK\x03\x04" + b"\0" * 400, WEST),
         Refused(r"puhelut_lantinen.*workbook")),
    Case("a page of an error in place of the file", PHONE,
         raw(lambda content: b"<!DOCTYPE html><html><body>504 Gateway Timeout</body></html>", WEST),
         Refused(r"puhelut_lantinen.*(web page|HTML)")),
]  # fmt: skip

WHEN = [
    Case("ISO dates", PHONE, west(form("%Y-%m-%d %H:%M")), Same()),
    Case("ISO dates with T and seconds", PHONE, west(form("%Y-%m-%dT%H:%M:%S")), Same()),
    Case("weekdays before dates", PHONE, west(cells("arrived_at", lambda t: f"ma {t}")), Same()),
    Case("UTC that says so", PHONE,
         west(times(lambda at: f"{at - dt.timedelta(hours=3):%Y-%m-%dT%H:%M:%S}Z", *TIMES)),
         Named(r"(?s)arrived_at|saapunut|Saapunut.*T\d+:\d+:\d+Z")),
    Case("local time with its distance from UTC", PHONE, west(form("%Y-%m-%dT%H:%M:%S+03:00")),
         Named(r"(?s)date.*\+03:00")),
    Case("seconds since 1970", PHONE,
         west(times(lambda at: str(int((at - EPOCH).total_seconds())), *TIMES)),
         Refused(r"(?i)phone_contacts: \d+ row.*date.*'17\d+'.*(arrived_at|saapunut)")),
    Case("American dates", PHONE, west(form("%m/%d/%Y %H:%M")),
         Refused(r"(?i)phone_contacts: \d+ row.*date.*'\d+/\d+/2026 .*(arrived_at|saapunut)")),
    Case("years of two digits", PHONE, west(form("%d.%m.%y %H.%M")),
         Refused(r"(?i)phone_contacts: \d+ row.*date.*'\d+\.\d+\.26 .*(arrived_at|saapunut)")),
    Case("year, day, month", PHONE, west(form("%Y/%d/%m %H:%M")),
         Refused(r"(?i)phone_contacts: \d+ row.*date.*'2026/\d+/\d+ .*(arrived_at|saapunut)")),
    Case("day and month changed about where both can be", PHONE,
         west(times(lambda at: f"{at.month}.{at.day}.{at.year} {at:%H.%M}", *TIMES,
                    where=days("arrived_at", 1, 12))), Told(r"phone_contacts.*puhelut_lantinen.*2026-08")),
    Case("times without a date", PHONE, west(times(lambda at: f"{at:%H:%M}", *TIMES)),
         Refused(r"(?i)phone_contacts: \d+ row.*date.*'\d+:\d+'")),
    Case("one row with a day that is none", PHONE,
         west(cells("arrived_at", pattern(r"^\d+\.", "35."), newest("arrived_at"), 1)),
         Partial(r"phone_contacts: 1 of \d+ rows rejected.*date")),
]  # fmt: skip

UNREAD = [
    *(Case(f"{word} for what did not happen", PHONE, west(*later(word)), Same())
      for word in ("NULL", "-", "–", "n/a", "None", "NaN", "1.1.1900 0.00", "31.12.9999 0.00")),
    Case("a few words in place of times", PHONE,
         west(cells("answered_at", filled(lambda t: "aamulla"), newest("arrived_at"), 5)),
         Partial(r"phone_contacts.*answered_at")),
    Case("#N/A for half a month of answers", PHONE,
         west(cells("answered_at", filled(lambda t: "#N/A"), days("arrived_at", 1, 15))),
         Named(r"phone_contacts.*(?s:.*)(answered_at|#N/A|error)")),
    Case("an end of calls that nobody knows", PHONE,
         west(cells("end_state", lambda c: "siirretty" if c == "luopunut" else c)),
         Named(r"phone_contacts.*(?s:.*)(end_state|siirretty|unknown_code)")),
    *(Case(f"yes and no as {yes} and {no}", PHONE,
           west(cells("in_opening_hours", spelt(yes, no))), Same())
      for yes, no in (("Kyllä", "Ei"), ("TRUE", "FALSE"), ("1", "0"), ("x", "e"))),
    Case("yes and no in words nobody knows", PHONE,
         west(cells("in_opening_hours", lambda c: {"k": "auki", "e": "kiinni"}.get(c, c))),
         Named(r"phone_contacts.*(?s:.*)in_opening_hours")),
    Case("ages with an open end", DIGI, rewritten(cells("client_age", lambda c: "85+" if c == "85" else c)),
         Same(), rewritten(cells("client_age", lambda c: "85" if c != "" and int(c) >= 85 else c))),
    Case("a scale whose ends carry words", SURVEY,
         rewritten(cells("nps_0_10", lambda c: {"10": "10 – Erittäin todennäköisesti",
                                                "0": "0 – En lainkaan"}.get(c, c))), Same()),
    Case("a sum in brackets", MONEY, first_sum("(1 234,50)"), Same(), first_sum("-1234,50")),
    Case("a minus behind the sum", MONEY, first_sum("1234,50-"), Same(), first_sum("-1234,50")),
    Case("decimal points", MONEY, rewritten(cells("actual_eur", lambda c: c.replace(",", "."))), Same()),
    Case("a zero with a minus", MONEY, first_sum("-0,00"), Same(), first_sum("0,00")),
    Case("currency and hard spaces between thousands", MONEY,
         rewritten(cells("actual_eur", lambda c: f"{float(c.replace(',', '.')):,.2f}".replace(",", "\u00a0")
                         .replace(".", ",") + " €")), Same()),
    Case("one sum that can be read in two ways", MONEY,
         rewritten(cells("actual_eur", lambda c: "1.234", newest("month"), 1)),
         Partial(r"budget_monthly.*actual_eur")),
    Case("one forecast that nobody wrote", MONEY,
         rewritten(cells("forecast_year_eur", lambda c: "", newest("month"), 1)),
         Partial(r"budget_monthly.*forecast_year_eur")),
]  # fmt: skip

LOST = [
    Case("rows that end on the tenth", PHONE, west(without(days("arrived_at", 11, 31))),
         Named(r"phone_contacts.*puhelut_lantinen")),
    Case("rows of the first half alone, everywhere", PHONE, rewritten(without(days("arrived_at", 16, 31))),
         Named(r"phone_contacts")),
    Case("a file cut in the middle of a row", PHONE, raw(lambda c: c[: len(c) * 7 // 10], WEST),
         Named(r"phone_contacts.*puhelut_lantinen|puhelut_lantinen.*cut")),
    Case("headings alone in one of four files", PHONE, west(without(lambda x: lambda row: True)),
         Named(r"phone_contacts.*(puhelut_lantinen|2026-0)")),
    Case("headings alone in all files", PHONE, rewritten(without(lambda x: lambda row: True)),
         Refused(r"phone_contacts.*no row", never="")),
    Case("no row of the newest month", DIGI, rewritten(without(newest("opened_at"))),
         Refused(r"digi_contacts.*no row of 2026-08", never="confirm_shrink")),
    Case("a month's file is the one before", DIGI, last_months(),
         Named(r"digi_contacts.*digi_2026-08.*(same rows|2026-07)|digi_contacts.*no row of 2026-08")),
    Case("a survey's file is the one before", SURVEY, last_months(),
         Named(r"survey_responses.*(kysely_2026-08.*(same rows|2026-07)|no row of 2026-08)")),
    Case("a register as it was the month before", PLANS, last_months(), Told("")),
    Case("a unit that falls silent", PHONE,
         west(without(lambda x: lambda row: row[1] == "TA Lohja" and ".8.2026" in row[4])),
         Named(r"phone_contacts.*lohja")),
    Case("a unit renamed by the system", PHONE,
         west(cells("unit_code", lambda c: "Lohjan uusi jono" if c == "TA Lohja" else c)),
         Named(r"phone_contacts.*(Lohjan uusi jono|lohja)")),
    Case("a unit renamed by the system in all its rows", PHONE,
         rewritten(cells("unit_code", lambda c: "Uusi jono" if c == "TA Tapiola" else c), part="etela_espoo"),
         Refused(r"would leave the unit tapiola with 0 rows .* codes that no unit has: 'Uusi jono'",
                 (r"give them to the units in configs/organisation.toml",))),
    Case("the file of another organisation", PHONE, west(cells("unit_code", lambda c: f"Pasila {c}")),
         Named(r"phone_contacts.*(Pasila|unit)")),
    Case("a file that is full and leaves its oldest rows out", PHONE,
         rewritten(without(lambda x: lambda row: ".7.2026" in row[4] and moment(row[4]).day < 25)),
         Refused(r"phone_contacts.*2026-07", never="")),
    Case("a region's file is missing", PHONE, lambda root, source: files(root, source, WEST)[0].unlink(),
         Named(r"phone_contacts.*")),
]  # fmt: skip

TWICE = [
    Case("the same file once more", PHONE, copied(" (1)", part=WEST), Same(r"phone_contacts.*\(1\)")),
    Case("an old copy beside its correction", MONEY,
         copied(" (1)", cells("actual_eur", lambda c: "1,00", newest("month"))), Named(r"talous.*\(1\)")),
    Case("rows of a file once more", PHONE, west(more(lambda x: [list(row) for row in x.rows[:50]])),
         Same(r"phone_contacts.*the same row once more")),
    Case("a row once more, changed", PHONE, west(legs(1)), Told(r"phone_contacts.*replaced by a later row")),
    Case("a second leg of many calls", PHONE, west(legs(60)),
         Refused(r"(?i)phone_contacts.*(key|contact_id|ids?\b)")),
    Case("ids that lost their last digits", PHONE,
         west(cells("contact_id", lambda c: "2,60702E+11", newest("arrived_at"), 60)),
         Refused(r"(?i)phone_contacts.*(key|contact_id|ids?\b)")),
    Case("ids that begin anew in each file", PHONE, rewritten(restarted),
         Refused(r"(?i)phone_contacts.*(key|contact_id|ids?\b)")),
    Case("the month's rows once more under other ids", PHONE, rewritten(again("arrived_at")),
         Partial(r"phone_contacts: the delivery has \d+ rows of 2026-08, perhaps some twice")),
    Case("a row of another file once more, changed", PHONE, west(borrowed),
         Told(r"phone_contacts: .*replaced by a later row .* line \d+, for which line \d+ of puhelut_")),
    Case("the same file under a name that says corrected", PHONE, copied("_korjattu", part=WEST),
         Same(r"phone_contacts.*korjattu")),
]  # fmt: skip

TOTALS = [
    *(Case(f"a row of totals called {word}", MONEY,
           rewritten(more(total(word, "actual_eur", "budget_eur", "budget_year_eur", "forecast_year_eur"))),
           Same(r"budget_monthly.*total"))
      for word in ("Yhteensä", "YHTEENSÄ", "Summa", "Totalt", "Kaikki yhteensä")),
    Case("a total of each month and account", MONEY,
         rewritten(more(lambda x: [["Yhteensä", month, *rest] for _, month, *rest in x.rows[::9]])),
         Same(r"budget_monthly.*total")),
    Case("the sums of all in the name of the whole", MONEY, rewritten(more(whole("Avosairaanhoito"))),
         Same(r"budget_monthly.*total")),
    Case("nearly the sums of all in the name of the whole", MONEY,
         rewritten(more(whole("Avosairaanhoito", 1.05))), Partial(r"budget_monthly.*as large as a total")),
    Case("more than the sums of all under a code nobody knows", MONEY,
         rewritten(more(whole("Pasila", 1.7))), Partial(r"budget_monthly.*as large as a total")),
    Case("a total below the calls", PHONE, west(more(lambda x: [fill(x, "Yhteensä", "348")])),
         Same(r"phone_contacts.*total")),
    Case("a total of each week in a workbook", WEEKS,
         workbook(more(lambda x: [["Yhteensä", week, "LK", 99.0, 99.0, 0.0, 0.0] for week in TWO_WEEKS]),
                  part=WEST), Same(r"resourcing_weekly.*total")),
]  # fmt: skip


LOOK_UP = Formula('=VLOOKUP("x",A1:B2,2,FALSE)', "#N/A")
DATES = ("plan_updated_on", "next_review_on", "access_rights_checked_on")
BOOKS = [
    Case("a workbook as it was", CONTRACTS, workbook(), Same()),
    Case("a workbook of the 1904 dates", PLANS, workbook(date_1904=True), Same()),
    Case("a workbook of the 1904 dates, not shown as dates", PLANS, workbook(date_1904=True, dates="General"),
         Named(r"omavalvonta.*(?s:.*)1904")),
    Case("days as numbers", PLANS, workbook(*(cells(column, serial) for column in DATES)), Same()),
    Case("a cover before the rows", CONTRACTS, workbook(cover=True), Same()),
    Case("contracts without an end that end in 2099", CONTRACTS,
         workbook(cells("ends_on", empty(dt.date(2099, 12, 31)))), Same()),
    Case("#N/A where a look-up failed", PHONE,
         workbook(cells("answered_at", filled(lambda t: LOOK_UP), days("arrived_at", 1, 15)), part=WEST),
         Named(r"phone_contacts.*(?s:.*)(error|#N/A|answered_at)")),
    Case("sums as formulas without a value", MONEY,
         workbook(cells("budget_year_eur", lambda c: Formula("=A2*12"), newest("month"), 6)),
         Named(r"budget_monthly.*(?s:.*)(formula|computed)")),
    Case("a month taken for a week", WEEKS,
         workbook(cells("week", lambda c: dt.date(2026, 8, 1) if c == "2026-W33" else c), part=WEST),
         Named(r"resourcing_weekly.*(?s:.*)week|resursointi.*week")),
    Case("person days with many decimals", WEEKS,
         workbook(cells("actual_person_days", lambda c: 3.6333333), part=WEST), Same(),
         workbook(cells("actual_person_days", lambda c: 3.63), part=WEST)),
    Case("whole numbers that floats missed", TRAINING,
         workbook(cells("mandatory_valid_n", filled(lambda c: int(c) - 3e-9))), Same(),
         workbook(cells("mandatory_valid_n", filled(int)))),
    Case("a workbook that was cut", CONTRACTS, raw(lambda content: content[: len(content) // 2]),
         Refused(r"sopimukset.*(cannot be opened|damaged)")),
    Case("a workbook under a password", CONTRACTS,
         raw(lambda content: OLE + "EncryptedPackage".encode("utf-16-le") * 40),
         Refused(r"sopimukset.*password", (r"(?i)remove the password",))),
    Case("text in place of a workbook", CONTRACTS, raw(lambda content: b"Poimintapvm;Sopimusnumero\n"),
         Refused(r"sopimukset.*text")),
]  # fmt: skip

CANNOT_BE = [
    Case("more valid competences than required", TRAINING,
         rewritten(cells("mandatory_valid_n", filled(lambda c: str(int(c) * 3)), newest("month"))),
         Named(r"(?i)training_monthly.*(mandatory|valid|check)"),),
    Case("places filled where none was offered", PLACES,
         workbook(cells("places_offered_n", lambda c: 0, newest("month"), 3)),
         Partial(r"students_term.*none were offered")),
    Case("answered before the call came", PHONE, west(swapped("arrived_at", "answered_at", rows=False)),
         Named(r"phone_contacts.*(?s:.*)(arriv|answered)")),
    Case("a cell lost in each row", PHONE, west(each(shifted, newest("arrived_at"))),
         Named(r"(?i)phone_contacts.*(?s:.*)(column|cells)")),
    Case("a cell lost in one row", PHONE, west(lambda x: x.rows.__setitem__(-1, shifted(x.rows[-1]))),
         Partial(r"phone_contacts: 1 of \d+ rows rejected.*cells")),
    Case("a unit's mean of a wave that nobody wrote", STAFF,
         workbook(cells("mean", filled(lambda c: ""), lambda x: lambda row: row[2] == "index", 1)),
         Partial(r"wellbeing_survey.*mean")),
]  # fmt: skip

EMPTIED = [
    Case("no answer in any row of the month", PHONE,
         rewritten(cells("answered_at", lambda c: "", newest("arrived_at"))),
         Partial(r"phone_contacts: column answered_at is empty in all rows of 2026-08 of \d+ units")),
    Case("no answer in any row of one file", PHONE,
         rewritten(cells("answered_at", lambda c: "", newest("arrived_at")), part="etela_espoo"),
         Partial(r"phone_contacts: column answered_at is empty in all rows of 2026-08 of \d units")),
    Case("answers in a few rows only", PHONE,
         rewritten(cells("answered_at", lambda c: "", days("arrived_at", 1, 24))),
         Told(r"phone_contacts: column answered_at is filled in \d+ rows of 2026-08 of .*confirm_rows")),
    Case("a column that the export has no more", PHONE,
         rewritten(headings(lambda text: "vapaa" if text == "Vastattu" else text)),
         Named(r"phone_contacts.*answered_at")),
    Case("words for the nature of visits", VISITS,
         rewritten(cells("visit_nature", filled(lambda c: "sairaanhoito"), newest("visit_start"))),
         Partial(r"avohilmo_events: unknown cells of visit_nature")),
    Case("no nature of any visit", VISITS,
         rewritten(cells("visit_nature", lambda c: "", newest("visit_start"))),
         Told(r"avohilmo_events: column visit_nature is filled in \d+ rows of 2026-08")),
    Case("words for the form of the service", VISITS,
         rewritten(cells("service_form", lambda c: "avosairaanhoito", newest("visit_start"), 20)),
         Partial(r"avohilmo_events: unknown cells of service_form.*20")),
    Case("words for the specialty", REFERRALS,
         rewritten(cells("specialty", filled(lambda c: "sisätaudit"), newest("sent_at"))),
         Partial(r"referrals: unknown cells of specialty")),
]  # fmt: skip

CASES = [*SENT, *WHEN, *UNREAD, *LOST, *TWICE, *TOTALS, *BOOKS, *CANNOT_BE, *EMPTIED]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.source}: {case.kind}" for case in CASES])
def test_an_extract_is_what_it_says_or_is_named(
    case: Case, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def struck(name: str, damage: Damage) -> Seen:
        shutil.copytree(prepared(tmp_path_factory, case.source), tmp_path / name)
        damage(tmp_path / name, case.source)
        return look(tmp_path / name, case.source)

    clean = struck("clean", case.base) if case.base else clean_of(tmp_path_factory, case.source)
    faults = case.outcome.faults(clean, struck("broken", case.damage))
    assert "\n".join(islice(faults, SHOWN)) == ""
