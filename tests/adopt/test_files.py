"""Files as they are found: titles above, other forms, what is no table, what holds personal data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from opti_reports import workspace as places
from opti_reports.config.load import load
from opti_reports.extracts.pieces import open_file
from tests.workspaces import ROOT, ask, once

PUBLIC = ROOT.parent / "shared" / "data"
HEADS = "Ilmoitusnumero;Ilmoitustyyppi;Tapahtumayksikkö;Käsittelevä yksikkö;Ilmoitettu;Käsittelyn tila"
ROWS = "\n".join(
    f"H{n};potilasturvallisuus;AVO-0{3 + n % 3};AVO-03;{1 + n}.8.2026 8.1{n % 10};uusi" for n in range(20)
)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace as `opti init` makes it; tests only read it."""
    return once(tmp_path_factory, "fresh_workspace", lambda root: print(places.init(root)))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A workspace of one's own."""
    return places.init(tmp_path / "own").root


def put(folder: Path, name: str, text: str | bytes, encoding: str = "utf-8") -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return str(path)


def plan_of(workspace: Path, *arguments: str) -> dict[str, Any]:
    done = ask(workspace, "adopt", "--json", *arguments)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


NUL = "the file holds NUL characters. It is not text; export it again as CSV."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_encoding_and_delimiter_are_found_below_a_title(
    fresh: Path, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    text = f"Vaaratapahtumat elokuu\n\nPoimittu 3.9.2026\n{HEADS}\n{ROWS}\n".replace(";", delimiter)
    plan = plan_of(fresh, put(tmp_path, "haipro_8.csv", text, encoding))
    (one,) = plan["files"]
    assert (one["source"], one["rows"]) == ("haipro_reports", 20)
    called = {"cp1252": "Windows-1252", "utf-16": "UTF-16"}.get(encoding, "UTF-8")
    sign = "tab" if delimiter == "\t" else delimiter
    assert one["form"] == f"text in {called}, '{sign}' between cells, headings on line 4"
    assert [(add["key"], add["value"]) for add in plan["additions"]] == [(["titled"], True)]


def test_a_title_is_passed_over_once_the_source_says_so(own: Path, tmp_path: Path) -> None:
    file = put(tmp_path, "haipro_8.csv", f"Vaaratapahtumat\n{HEADS}\n{ROWS}\n")
    assert ask(own, "adopt", file, "--write").exit_code == 0
    month = own / "data/2026-08"
    month.mkdir()
    put(month, "haipro_8.csv", f"Vaaratapahtumat\n{HEADS}\n{ROWS}\n")
    source = load(own / "configs").sources["haipro_reports"]
    assert open_file(source, month / "haipro_8.csv").headings.of("report_id") == "Ilmoitusnumero"


def test_rows_above_the_headings_that_may_be_data_are_not_passed_over(own: Path, tmp_path: Path) -> None:
    """A sheet that somebody sorted has its headings somewhere among the rows."""
    head, tail = ROWS.splitlines()[:3], ROWS.splitlines()[3:]
    text = "\n".join([*head, HEADS, *tail]) + "\n"
    shown = ask(own, "adopt", put(tmp_path, "haipro_8.csv", text))
    assert "haipro_8.csv would be refused: the headings stand on row 4" in shown.stdout


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("kuva.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00", NUL),
        ("tyhja.csv", b"", "the file is empty. Deliver the file again."),
        ("raportti.pdf", b"%PDF-1.7\nx;y\n1;2\n", "no table of rows under headings"),
        ("muistio.txt", b"Kokous pidettiin.\nSovittiin jatkaa.\n", "no table of rows under headings"),
        ("~$haipro.xlsx", b"x", "a lock of an office program, no data"),
        (".~lock.haipro.ods#", b"x", "a lock of an office program, no data"),
        ("a.csv", b"4711;Ankka Aku;x\n4712;x;y\n", "no row of headings: the first row looks like data"),
    ],
)
def test_what_is_no_table_is_left_alone_and_named(
    fresh: Path, tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    done = ask(fresh, "adopt", put(tmp_path, name, content))
    assert done.exit_code == 0
    assert done.stdout == f"{name} is left alone: {why}\n"


def test_dates_and_numbers_that_may_mean_two_things_are_told(fresh: Path, tmp_path: Path) -> None:
    rows = "\n".join(f"x{n};{1 + n % 12}/{1 + n}/2026;1.20{n % 10}" for n in range(20))
    done = ask(fresh, "adopt", put(tmp_path, "other.csv", f"Tapahtuma;Aloitettu;Määrä\n{rows}\n"))
    assert "'Aloitettu': dates with strokes (3/8/2026), which may mean two days" in done.stdout
    assert "'Määrä': numbers like 1.200, which may be a thousand times that" in done.stdout


SECRETS = (
    "010190-123A",
    "Virtanen",
    "Korhonen",
    "Sinikka",
    "Matti",
    "sinikka@",
    "040 123 4567",
    "tuska",
    "a1b2c3",
)


def test_nothing_personal_is_printed(fresh: Path, tmp_path: Path) -> None:
    rows = "\n".join(
        f"{n};010190-123A;{'Virtanen' if n % 2 else 'Korhonen'};Sinikka;sinikka@example.fi;040 123 4567;"
        f"Kova tuska {n};Matti Virtanen"
        for n in range(40)
    )
    strangers = put(tmp_path, "x.csv", f"Nro;Tunnus;Suku;Etu;Posti;Puh;Selite;Tekijä\n{rows}\n")
    rows = "\n".join(
        f"H{n};Matti Virtanen;AVO-03;Sinikka Korhonen;{1 + n % 28}.8.2026;uusi;kova tuska" for n in range(40)
    )
    known = put(tmp_path, "haipro.csv", f"{HEADS};Lisätieto\n{rows}\n")
    pseudonyms = "\n".join(f"a1b2c3{n};2026-08-0{1 + n % 9};muistutus;ASH003;valvira" for n in range(40))
    cases = put(
        tmp_path, "asiat.csv", f"Diaarinumero;Saapunut;Asialaji;Kohdeyksikkö;Viranomainen\n{pseudonyms}\n"
    )
    for extra in ([], ["--json"], ["--yes"]):
        done = ask(fresh, "adopt", strangers, known, cases, *extra)
        assert not [secret for secret in SECRETS if secret in done.output]
    assert "'Tunnus' holds personal identity codes: the file is refused." in done.stdout
    assert "40 row(s) hold a value that may be a name or free text: not shown" in done.stdout


def test_a_file_that_another_source_takes_by_its_name_is_told(fresh: Path, tmp_path: Path) -> None:
    done = ask(fresh, "adopt", put(tmp_path, "hr_vaarat.csv", f"{HEADS}\n{ROWS}\n"))
    assert "hr_vaarat.csv is read as hr_monthly by its name: give the file another name" in done.stdout


NHS = "period,org_code,type,attendances,breaches\n" + "".join(
    f"2017-{month:02}-01,R{unit}F,{kind},{100 + unit},{unit}\n"
    for month in range(1, 7)
    for unit in range(40)
    for kind in (1, 2)
)
RATED = ("Extremely likely", "Likely", "Unlikely")
FFT = "time,rating,surgery\n" + "".join(
    f"2023-07-{1 + n % 28:02} 15:{n % 60:02}:00,{RATED[n % 3]},Earls {n % 8} Surgery\n" for n in range(120)
)


@pytest.mark.parametrize(
    ("name", "text", "unit", "date", "measures"),
    [
        ("ae_attendances.csv", NHS, "org_code", "period", ["attendances", "breaches"]),
        ("gp_fft_feedback.csv", FFT, "surgery", "time", []),
    ],
)
@pytest.mark.parametrize("real", [False, True])
def test_a_file_of_a_system_without_a_source_gets_one(
    own: Path, tmp_path: Path, name: str, text: str, unit: str, date: str, measures: list[str], real: bool
) -> None:
    if real and not (PUBLIC / name).is_file():
        pytest.skip("the public files are not here")
    file = str(PUBLIC / name) if real else put(tmp_path, name, text)
    assert ask(own, "adopt", file, "--write").exit_code == 10
    assert not (own / "configs/sources/new_one.toml").exists()
    answers = put(
        tmp_path,
        "answers.toml",
        f'[source]\n"{name}" = "new"\n[id]\n"{name}" = "new_one"\n[unit_column]\n"{name}" = "{unit}"\n',
    )
    shown = ask(own, "adopt", file, "--answers", answers)
    assert not (own / "configs/sources/new_one.toml").exists()
    done = ask(own, "adopt", file, "--answers", answers, "--write")
    assert done.exit_code == 0, done.output
    written = (own / "configs/sources/new_one.toml").read_text(encoding="utf-8")
    assert all(line.strip() in shown.stdout for line in written.splitlines())
    assert f'date          = "{date}"' in written
    assert f'unit  = "{unit}"' in written
    assert all(f'# {measure} = "{measure}"' in written for measure in measures)
    assert "new_one" in load(own / "configs").sources
    assert ask(own, "adopt", file).exit_code == 0  # now it is known
    assert ask(own, "adopt", "--undo").exit_code == 0
    assert not (own / "configs/sources/new_one.toml").exists()


def test_the_shipped_configs_are_as_they_are_written_back() -> None:
    for path in (ROOT / "configs/organisation.toml", *(ROOT / "configs/sources").glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        assert tomlkit.dumps(tomlkit.parse(text)) == text, path
