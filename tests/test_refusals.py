"""What the command refuses: the exit code and the exact message of each case, and nothing changed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import Result
from filelock import FileLock

from tests.workspaces import LAST, ONE_PACK, ask, digests, edit, remove, told


def refused(result: Result, code: int, *lines: str) -> None:
    """Assert the exit code, and that the error says exactly these lines."""
    assert (result.exit_code, told(result.stderr)) == (code, list(lines))
    assert result.stdout == ""


def test_outside_a_workspace(tmp_path: Path) -> None:
    for command in (["check"], ["ready", "--month", LAST], ["run", "--month", LAST], ["demo"]):
        refused(
            ask(tmp_path, *command),
            2,
            f"opti: {tmp_path}: this is not a workspace: configs/settings.toml is missing",
            "  Go to your workspace, name it with --workspace DIR, or make one with `opti init DIR`.",
        )


def test_a_month_that_is_none(lean: Path) -> None:
    result = ask(lean, "run", "--month", "2026-13")
    assert result.exit_code == 2
    assert "'2026-13' is not a month; write it like 2026-08" in result.stderr


@pytest.mark.parametrize("month", ["1989-12", "2060-01", "9999-12"])
def test_a_month_no_calendar_has(lean_run: Path, month: str) -> None:
    for command in (("ready", "--month"), ("demo", "--last-month")):
        result = ask(lean_run, *command, month)
        assert result.exit_code == 2
        assert f"'{month}' is not between 1990-01 and 2059-12" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--pack", "unitt"), "opti: --pack: unknown pack 'unitt', did you mean 'unit'?"),
        (("--lang", "sw"), "opti: --lang: unknown language 'sw'; known: en, fi, sv"),
        (("--org", "LOHJA"), "opti: --org: no organisation 'LOHJA' in 2026-08, did you mean 'lohja'?"),
        (("--org", "loja"), "opti: --org: no organisation 'loja' in 2026-08, did you mean 'lohja'?"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(
    lean: Path, arguments: tuple[str, ...], said: str
) -> None:
    refused(ask(lean, "run", "--month", LAST, *arguments), 2, said)


def test_a_pack_that_is_not_due(lean: Path) -> None:
    result = ask(lean, "run", "--month", "2026-07", "--pack", "management_review")
    assert result.exit_code == 2
    assert re.fullmatch(
        r"opti: --pack: 'management_review' is made .*\(04, 08, 12\), not 2026-07\n", result.stderr
    )


def test_a_pack_that_is_not_made_for_the_organisation(lean: Path) -> None:
    refused(
        ask(lean, "run", "--month", LAST, "--pack", "unit", "--org", "lohja", "--jobs", "1"),
        2,
        "opti: --org: no pack is made for that choice of packs and organisations",
        "  See `opti run --help`.",
    )


def test_every_fault_of_the_configs_is_told_at_once(lean: Path) -> None:
    edit(lean / "configs/settings.toml", 'country   = "FI"', 'contry   = "FI"')
    (lean / "configs/brand.toml").unlink()
    for command in (["check"], ["ready", "--month", LAST], ["run", "--month", LAST]):
        result = ask(lean, *command)
        assert result.exit_code == 3
        assert result.stderr.splitlines() == [
            "opti: 3 fault(s) in the configs:",
            "  brand.toml: the file is missing. Copy it from a fresh `opti init`.",
            "  settings.toml: contry: unknown key, did you mean 'country'?",
            "  settings.toml: country: is missing",
        ]


def test_faults_of_templates_are_told_with_those_of_the_configs(lean: Path) -> None:
    folder = lean / "templates"
    (folder / "pptx/base.pptx").unlink()
    page = folder / "pdf/pack.html.j2"
    page.write_text("\n{{ pack | softt }}\n", encoding="utf-8")
    (folder / "pdf/blocks.html.j2").write_text("{% for a in b %}\n", encoding="utf-8")
    (folder / "pdf/pack.css.j2").write_bytes(b"/* \xe4 */")
    edit(lean / "configs/settings.toml", 'country   = "FI"', 'country   = "XX"')
    said = [
        "  templates/pdf/blocks.html.j2: line 1: not a template: Unexpected end of template. Jinja was "
        "looking for the following tags: 'endfor' or 'else'. "
        "The innermost block that needs to be closed is 'for'.",
        "  templates/pdf/pack.css.j2: byte 3: is not UTF-8 text. Save the file as UTF-8.",
        "  templates/pdf/pack.html.j2: line 2: not a template: No filter named 'softt'.",
        "  templates/pptx/base.pptx: the file is missing. Copy it from a fresh `opti init`.",
    ]
    country = "  settings.toml: country: no public holidays are known of 'XX'; write the country like FI"
    refused(ask(lean, "check"), 3, "opti: 5 fault(s) in the configs:", country, *said)
    edit(lean / "configs/settings.toml", 'country   = "XX"', 'country   = "FI"')
    refused(ask(lean, "check", "--month", LAST), 3, "opti: 4 fault(s) in the configs:", *said)


def test_a_missing_required_source_is_named_with_its_date_and_owner(lean: Path) -> None:
    remove(lean, "haipro*", "puhelut*")
    sources = {
        name: tomllib.loads((lean / "configs/sources" / f"{name}.toml").read_text(encoding="utf-8"))
        for name in ("haipro_reports", "phone_contacts")
    }
    roles = {name: source["owner_role"]["fi"] for name, source in sources.items()}
    said = (
        f"  haipro_reports: haipro*.csv or haipro*.xlsx, due 2026-09-03, {roles['haipro_reports']}",
        f"  phone_contacts: puhelut*.csv or puhelut*.xlsx, due 2026-09-03, {roles['phone_contacts']}",
    )
    for command in ("run", "check"):
        refused(
            ask(lean, command, "--month", LAST, "--jobs", "1"),
            4,
            "opti: 2 required source(s) of 2026-08 are missing:",
            *said,
            "  Put the files into data/2026-08/ and run again. Not your source? opti sources --drop NAME",
        )
    result = ask(lean, "ready", "--month", LAST)
    assert result.exit_code == 4
    summary = result.stdout.splitlines()[-1]
    assert summary == (
        "23 of 25 sources of 2026-08 have arrived. A run is not possible: 2 required one(s) are missing."
    )
    row = next(line for line in result.stdout.splitlines() if line.startswith("haipro_reports"))
    assert row.split()[1:5] == ["required", "missing,", "newest", "2026-07"]
    assert row.endswith(f"2026-09-03  {roles['haipro_reports']}")


def test_an_unusable_file_stops_the_run_and_the_old_output_stays(lean: Path) -> None:
    before = digests(lean / "output" / LAST)
    (lean / "data" / LAST / f"haipro_{LAST}.csv").write_text("jotain;muuta\n1;2\n", encoding="utf-8")
    (lean / "data" / LAST / f"t3_{LAST}.xlsx").write_bytes(b"not a workbook")
    result = ask(lean, *ONE_PACK)
    assert result.exit_code == 4
    said = told(result.stderr)
    assert said[0].startswith(f"opti: data/{LAST}/haipro_{LAST}.csv: ")
    assert [line.split(": ")[0] for line in said if "t3_" in line] == [f"data/{LAST}/t3_{LAST}.xlsx"]
    assert said[-1] == "  Correct or remove the files, then run again."
    assert digests(lean / "output" / LAST) == before


def test_a_shrunken_delivery_waits_for_confirmation(lean: Path) -> None:
    path = next((lean / "data" / LAST).glob("avohilmo*"))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for i, line in enumerate(lines) if not i or i % 3), encoding="utf-8")
    result = ask(lean, *ONE_PACK)
    assert result.exit_code == 4
    assert f"data/{LAST}: avohilmo_events would leave 2026-0" in result.stderr
    assert f"confirm_shrink = true under [avohilmo_events] in data/{LAST}/delivery.toml" in result.stderr
    note = lean / "data" / LAST / "delivery.toml"
    note.write_text("[avohilmo_events]\nconfirm_shrink = true\n", encoding="utf-8")
    assert ask(lean, *ONE_PACK).exit_code == 0


def spoil(lean: Path, pattern: str, old: bytes, new: bytes) -> None:
    """Change the files of a delivery everywhere."""
    for path in (lean / "data" / LAST).glob(pattern):
        path.write_bytes(re.sub(old, new, path.read_bytes()))


def confirm(lean: Path, source: str) -> None:
    note = lean / "data" / LAST / "delivery.toml"
    note.write_text(f"[{source}]\nconfirm_shrink = true\n", encoding="utf-8")


CONFIRM = (
    "  If the new files are right, write confirm_shrink = true under [phone_contacts] in "
    f"data/{LAST}/delivery.toml."
)


def test_headings_alone_wait_for_confirmation(lean: Path) -> None:
    spoil(lean, "puhelut*", rb"(?s)\r\n.*", b"\r\n")
    result = ask(lean, *ONE_PACK)
    assert result.exit_code == 4
    first, second = told(result.stderr)
    said = rf"opti: data/{LAST}: phone_contacts has no rows; the delivery before it had \d+"
    assert re.fullmatch(said, first)
    assert second == CONFIRM
    confirm(lean, "phone_contacts")
    result = ask(lean, *ONE_PACK)
    assert result.exit_code == 0
    zero = f"look at: phone_contacts: delivered without rows, so its counts of {LAST} are zero\n"
    assert zero in result.stdout


CORRECT = "  Correct the files, or what configs/sources says of them, and run again."


def test_a_delivery_with_mostly_unreadable_rows_is_refused_with_the_cause(lean: Path) -> None:
    """Dates in the American order would leave a month nearly empty."""
    spoil(lean, "puhelut*", rb"(\d+)\.(\d+)\.2026 ", rb"\2/\1/2026 ")
    result = ask(lean, "check", "--month", LAST, "--jobs", "1")
    assert result.exit_code == 4
    first, *_, last, remedy = told(result.stderr)
    cause = (
        rf"opti: data/{LAST}: phone_contacts: \d+ row\(s\) of puhelut_\w+_{LAST}\.csv: date not readable, "
        r"e\.g\. '\d+/\d+/2026 \S+' on line 2 in column Saapunut \(arrived_at\); "
        r"which number is the month is not certain"
    )
    assert re.fullmatch(cause, first)
    assert re.fullmatch(rf"data/{LAST}: phone_contacts can use only 0 of its \d+ rows", last)
    assert remedy == CORRECT
    confirm(lean, "phone_contacts")
    assert ask(lean, "check", "--month", LAST, "--jobs", "1").exit_code == 0


def test_dates_after_the_day_of_the_extract_are_told_with_the_remedy(lean: Path) -> None:
    path = lean / "data" / LAST / f"haipro_{LAST}.csv"
    head, first, *rest = path.read_bytes().split(b"\r\n")
    cells = first.split(b";")
    cells[11] = b"5.9.2026 9.00"  # closed two days after the extract is due
    path.write_bytes(b"\r\n".join([head, b";".join(cells), *rest]))
    result = ask(lean, "check", "--month", LAST, "--jobs", "1")
    assert result.exit_code == 0
    assert (
        "look at: haipro_reports: unknown cells of closed_at in used rows: future_date 1 = later than "
        "2026-09-03, see extracted_on in delivery.toml; "
        f"the first on line 2 of haipro_{LAST}.csv ('2026-09-05')"
    ) in result.stdout


def test_rows_without_a_unit_are_told_with_their_number(lean: Path) -> None:
    spoil(lean, "puhelut_keskitetty*", rb";Keskitetty jono;Keskitetty jono;", b";;Keskitetty jono;")
    path = next((lean / "data" / LAST).glob("puhelut_lantinen*"))
    far = "x" * 60
    row = f"P9;{far};Keskitetty jono;Takaisinsoitto;3.8.2026 9.00;;;;;avoin;fi;k;x\r\n"
    path.write_bytes(path.read_bytes() + row.encode())
    empty = sum(line.count(";;Keskitetty jono;") for line in lines_of(lean, "puhelut_keskitetty*"))
    result = ask(lean, "check", "--month", LAST, "--jobs", "1")
    assert empty > 1
    assert f"phone_contacts: unknown unit codes (empty) ({empty}), {far[:40]} (1)\n" in result.stdout


def test_feedback_without_its_column_of_units_is_not_the_administration_s(lean: Path) -> None:
    """An empty cell is feedback to nobody's unit; a column that is not there would make all of it so."""
    spoil(lean, "palaute*", b'"Kohde"', b'"Paikka"')
    result = ask(lean, "check", "--month", LAST)
    assert result.exit_code == 4
    said = "the required column 'unit_code' is missing (headings like: kohde, yksikkö, terveysasema)"
    assert said in result.stderr


def lines_of(lean: Path, pattern: str) -> list[str]:
    return [
        line
        for path in (lean / "data" / LAST).glob(pattern)
        for line in path.read_bytes().decode("cp1252").splitlines()
    ]


def test_a_file_nobody_takes_is_named_where_something_is_missing(lean: Path) -> None:
    folder = lean / "data" / LAST
    (folder / f"haipro_{LAST}.csv").rename(folder / f"hai_pro_{LAST}.csv")
    said = f"data/{LAST}/hai_pro_{LAST}.csv: no source has files of this name"
    result = ask(lean, "check", "--month", LAST)
    assert result.exit_code == 4
    assert f"  {said}" in told(result.stderr)
    assert ask(lean, "ready", "--month", LAST).stdout.splitlines()[0] == f"look at: {said}"


def test_a_fault_in_the_delivery_note(lean: Path) -> None:
    (lean / "data" / LAST / "delivery.toml").write_text("[avohilmo]\n", encoding="utf-8")
    result = ask(lean, *ONE_PACK)
    assert result.exit_code == 4
    assert "opti: data/2026-08/delivery.toml: unknown source 'avohilmo'" in result.stderr


def test_final_is_refused_while_a_lagging_source_is_missing(lean: Path) -> None:
    remove(lean, "talous*")
    result = ask(lean, *ONE_PACK, "--stage", "final")
    assert result.exit_code == 4
    first, second, third = result.stderr.splitlines()
    assert first == "opti: a final run needs every source; still to come:"
    assert second.startswith("  budget_monthly: talous*.csv or talous*.xlsx, due 2026-09-15, ")
    assert third == "  Wait for them, or run with --stage preliminary."
    result = ask(lean, "ready", "--month", LAST)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == (
        "24 of 25 sources of 2026-08 have arrived. A run will be preliminary."
    )


def test_a_workspace_in_use(lean: Path) -> None:
    (lean / "output/.lock.owner").write_text("process 4711", encoding="utf-8")
    who = "(process 4711, for 0 h 0 min)"
    with FileLock(lean / "output/.lock"):
        for command in ("run", "check"):
            refused(
                ask(lean, command, "--month", LAST, "--jobs", "1"),
                6,
                f"opti: {lean / 'output/.lock'}: another run holds this workspace {who}",
                "  Wait for it to end, then run again.",
            )
    assert ask(lean, "check", "--month", LAST, "--jobs", "1").exit_code == 0
