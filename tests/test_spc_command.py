"""`opti spc` from outside: its JSON, its tables, its picture and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from opti_reports.cli import main
from tests.workspaces import ROOT

SPIKE = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]


def file_of(folder: Path, values: list[Any], heading: str = "kk;arvo\n") -> Path:
    path = folder / "s.csv"
    rows = "".join(
        f"{2024 + i // 12}-{i % 12 + 1:02d};{'' if v is None else str(v).replace('.', ',')}\n"
        for i, v in enumerate(values)
    )
    path.write_text(heading + rows, encoding="utf-8")
    return path


def ask(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["spc", *map(str, arguments)])


def answer(*arguments: object) -> Any:
    result = ask(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_json_says_exactly_what_is_promised(tmp_path: Path) -> None:
    made = answer(file_of(tmp_path, SPIKE), "--target", "5,5", "--direction", "down")
    assert list(made) == ["segments", "points", "variation", "assurance"]
    (segment,) = made["segments"]
    assert list(segment) == ["mean", "lpl", "upl", "nlpl", "nupl", "n"]
    assert {key: round(value, 2) for key, value in segment.items()} == {
        "mean": 1.94, "lpl": -0.72, "upl": 4.6, "nlpl": 0.17, "nupl": 3.72, "n": 18,
    }  # fmt: skip
    assert made["points"][4] == {"label": "2024-05", "value": 10.0, "rule": "outside"}
    assert [p["rule"] for p in made["points"]].count(None) == 17
    assert (made["variation"], made["assurance"]) == ("common_cause", "pass")


RISING = {0: "outside", 1: "outside", 8: "outside", 9: "outside", **dict.fromkeys(range(2, 8), "trend")}
WORKED = [
    (SPIKE, (), (1.94, -0.72, 4.60, 0.17, 3.72), {4: "outside"}, "common_cause"),
    (SPIKE, ("--no-screen",), (1.94, -3.06, 6.95, -1.39, 5.28), {4: "outside"}, "common_cause"),
    (list(range(1, 11)), (), (5.5, 2.84, 8.16, 3.73, 7.27), RISING, None),
]
"""Of NHSRplotthedots and its documentation: values, options, limits, signals, the newest point."""


@pytest.mark.parametrize(("values", "options", "limits", "rules", "variation"), WORKED)
def test_the_worked_examples(
    tmp_path: Path,
    values: list[int],
    options: tuple[str, ...],
    limits: tuple[float, ...],
    rules: dict[int, str],
    variation: str | None,
) -> None:
    made = answer(file_of(tmp_path, values), *options)
    (segment,) = made["segments"]
    assert tuple(round(segment[key], 2) for key in ("mean", "lpl", "upl", "nlpl", "nupl")) == limits
    assert segment["n"] == len(values)
    assert {at: p["rule"] for at, p in enumerate(made["points"]) if p["rule"]} == rules
    assert made["variation"] == variation


def test_a_constant_series_and_a_spike_in_a_flat_one_keep_sensible_limits(tmp_path: Path) -> None:
    """Where the reference has limits that are no numbers, or that flag every point."""
    constant = answer(file_of(tmp_path, [7] * 20))
    assert {constant["segments"][0][key] for key in ("mean", "lpl", "upl", "nlpl", "nupl")} == {7.0}
    assert not [p for p in constant["points"] if p["rule"]]
    assert constant["variation"] == "common_cause"
    spiked = answer(file_of(tmp_path, [5] * 10 + [9] + [5] * 10))
    assert [at for at, p in enumerate(spiked["points"]) if p["rule"] == "outside"] == [10]


def test_options_reach_the_chart(tmp_path: Path) -> None:
    path = file_of(tmp_path, SPIKE)
    assert round(answer(path, "--no-screen")["segments"][0]["lpl"], 2) == -3.06
    rebased = answer(path, "--rebase", "2024-06", "--rebase", "2024-10")
    assert [segment["n"] for segment in rebased["segments"]] == [5, 4, 9]
    assert answer(path, "--fix", 4)["segments"][0]["mean"] == 1.5
    assert answer(file_of(tmp_path, [*SPIKE, 40]), "--direction", "up")["variation"] == "improvement_high"
    assert answer(file_of(tmp_path, [*SPIKE, 40]))["variation"] == "neutral_high"
    assert answer(path, "--target", 5)["assurance"] is None


def test_gaps_are_null(tmp_path: Path) -> None:
    made = answer(file_of(tmp_path, [None, None]))
    assert made["points"] == [{"label": f"2024-0{n}", "value": None, "rule": None} for n in (1, 2)]
    assert made["segments"] == [{"mean": None, "lpl": None, "upl": None, "nlpl": None, "nupl": None, "n": 0}]
    assert made["variation"] is made["assurance"] is None


def test_the_tables_say_the_same_in_words(tmp_path: Path) -> None:
    path = file_of(tmp_path, [1.5, 2.5] * 6 + [9.5, 10.5] * 6)
    result = ask(path, "--target", "9", "--direction", "up")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0] == "s.csv, arvo"
    assert lines[1].split() == ["from", "points", "mean", "lower", "upper", "near", "lower", "near", "upper"]
    assert lines[2].split()[:3] == ["2024-01", "24", "6.000"]
    assert "2025-12   10.5  outside  improvement high" in lines
    assert lines[-3:] == [
        "variation: the newest point is a signal of change for the better, upwards",
        "target 9: is not met, unless something changes",
        "look at: a shift has lasted since 2025-01; with a known cause, --rebase there",
    ]


def test_what_cannot_be_judged_is_said_with_its_reason(tmp_path: Path) -> None:
    short = ask(file_of(tmp_path, [1, 0, 2]), "--target", "9", "--direction", "up").stdout
    assert "variation: not judged, the newest segment has 3 point(s) and needs 13" in short
    assert "target 9: not judged (too few points)" in short
    assert "look at: counts below 2 on average are too rare for these limits" in short
    aimless = ask(file_of(tmp_path, SPIKE), "--target", "9").stdout
    assert "target 9: not judged (say --direction up or down)" in aimless
    assert "too rare" in aimless
    assert "too rare" not in ask(file_of(tmp_path, [0.5] * 13)).stdout


def test_cautions_go_to_the_error_stream(tmp_path: Path) -> None:
    path = file_of(tmp_path, SPIKE)
    path.write_text("".join(reversed(path.read_text().splitlines(keepends=True)[1:])))
    result = ask(path, "--json")
    assert json.loads(result.stdout)["variation"] == "common_cause"
    assert "run backwards" in result.stderr


@pytest.mark.parametrize(
    ("text", "arguments", "code", "said"),
    [
        ("kk;arvo\n2026-01;x\n", (), 4, "opti: s.csv: line 2: 'x' is not a number\n"),
        ("", (), 4, "opti: s.csv: the file is empty\n"),
        ("a;b\n", (), 4, "opti: s.csv: line 1: the file has a heading and no rows\n"),
        ("a;b\n1;inf\n", (), 4, "opti: s.csv: line 2: 'inf' is not a number\n"),
        ("a;b\n1;1e999\n", (), 4, "opti: s.csv: line 2: '1e999' is too large\n"),
        ("a;b\n1;2;3\n", (), 4, "opti: s.csv: line 2: 3 cell(s), where line 1 has 2\n"),
        ("a\0;b\n1;2\n", (), 4, "opti: s.csv: the file holds NUL characters\n"),
        ("a;b\n1;2\n1;3\n", ("--rebase", "1"), 2, "opti: --rebase: 2 rows are labelled '1'"),
        ("a;b\n1;2\n", ("--rebase", "7"), 2, "opti: --rebase: no row is labelled '7'; known: 1\n"),
        ("a;b;c\n1;2;3\n", (), 2, "opti: --column: s.csv has 3 columns: a, b, c\n"),
        ("a;b\n1;2\n", ("--target", "much"), 2, "'much' is not a number; write it like 79,5"),
        ("a;b\n1;2\n", ("--target", "nan"), 2, "'nan' is not a number"),
        ("a;b\n1;2\n", ("--fix", "1"), 2, "--fix"),
        ("a;b\n1;2\n", ("--direction", "sideways"), 2, "--direction"),
    ],
)
def test_exit_codes(tmp_path: Path, text: str, arguments: tuple[str, ...], code: int, said: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text(text)
    result = ask(path, *arguments, "--json")
    assert result.exit_code == code
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ("\ufeffkk;arvo\n1;1,5\n2;2,5\n".encode(), [1.5, 2.5]),
        ("kk;arvo\n1;1,5\n2;2,5\n".encode("utf-16"), [1.5, 2.5]),
        ("kk;määrä\n1;1,5\n2;2,5\n".encode("cp1252"), [1.5, 2.5]),
        (b'kk,arvo\r\n1,"1,5"\r\n2,2.5\r\n', [1.5, 2.5]),
        (b"kk\tarvo\n1\t-1.5e2\n2\t\n3\tNA\n", [-150.0, None, None]),
        (b"a;b\n1;1\n1;2\n", [1.0, 2.0]),  # labels may repeat
        (b"5\n6\n", [5.0, 6.0]),
        (b"a;b\n1;1 234,5\n2;2 000\n", [1234.5, 2000.0]),
    ],
    ids=[
        "bom",
        "utf-16",
        "cp1252",
        "quoted commas",
        "tabs and gaps",
        "labels twice",
        "no labels",
        "thousands",
    ],
)
def test_files_of_every_make_are_read(tmp_path: Path, content: bytes, values: list[float | None]) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(content)
    assert [point["value"] for point in answer(path)["points"]] == values


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    result = ask(tmp_path / "s.csv")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def texts(path: Path) -> list[str]:
    return [element.text or "" for element in etree.parse(path).iter("{*}text")]


def test_the_picture_names_its_lines_in_the_language_of_the_workspace(tmp_path: Path) -> None:
    out = tmp_path / "out.svg"
    arguments = (
        file_of(tmp_path, [*SPIKE, None, 1.5]),
        "--target",
        "4,5",
        "--direction",
        "down",
        "--chart",
        out,
    )
    assert ask(*arguments, "--workspace", tmp_path).exit_code == 0
    assert {"keskiarvo 1,92", "yläraja 4,58", "alaraja −0,74", "tavoite 4,5", "1,5"} <= set(texts(out))
    assert etree.parse(out).findtext("{*}title") == (
        "Prosessikuvaaja: arvo, 20 pistettä, viimeisin 1,5. Vain tavanomaista vaihtelua. "
        "Tavoite täyttyy välillä, välillä ei."
    )
    assert ask(*arguments, "--workspace", ROOT / "tests/workspaces/nhs").exit_code == 0
    assert "target 4.5" in texts(out)


def test_the_picture_of_rare_counts_says_that_its_limits_mislead(tmp_path: Path) -> None:
    out, said = tmp_path / "out.svg", "alle kaksi tapausta kuukaudessa: rajat ovat liian karkeat"
    for values, rare in (([0, 1, 0, 3] * 4, True), ([2, 3, 2, 4] * 4, False)):
        ask(file_of(tmp_path, values), "--chart", out, "--workspace", tmp_path)
        assert any(text.startswith(said) for text in texts(out)) is rare
        assert (said in (etree.parse(out).findtext("{*}title") or "")) is rare


def test_limits_on_the_centre_are_named_once(tmp_path: Path) -> None:
    out = tmp_path / "out.svg"
    ask(file_of(tmp_path, [5] * 14), "--chart", out, "--workspace", tmp_path)
    assert [text for text in texts(out) if text.startswith(("keskiarvo", "yläraja", "alaraja"))] == [
        "keskiarvo 5"
    ]


def test_signs_no_font_has_are_drawn_as_boxes(tmp_path: Path) -> None:
    path, out = tmp_path / "s.csv", tmp_path / "out.svg"
    path.write_text("a;b\n中文;1\nไทย;2\n", encoding="utf-8")
    assert ask(path, "--chart", out, "--workspace", tmp_path).exit_code == 0
    assert "□□□" in texts(out)


def test_extreme_figures_are_readable(tmp_path: Path) -> None:
    out = tmp_path / "out.svg"
    for values in ([1e300, -1e300] * 7, ["1e-300", "2e-300"] * 7):
        path = tmp_path / "s.csv"
        path.write_text("a;b\n" + "".join(f"{i};{v}\n" for i, v in enumerate(values)), encoding="utf-8")
        result = ask(path, "--chart", out, "--workspace", tmp_path)
        assert result.exit_code == 0, result.output
        assert max(map(len, result.stdout.splitlines())) < 110
        assert len(out.read_bytes()) < 8000


def test_a_series_of_each_organisation(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    rows = [f"{unit};2026-{month:02};{n}\n" for month in (1, 2, 4) for unit, n in (("A", 1), ("B", 7))]
    path.write_text("enhet;kk;n\n" + "".join(rows), encoding="utf-8")
    result = ask(path, "--by", "enhet", "--json")
    assert [(one["name"], len(one["points"])) for one in json.loads(result.stdout)] == [
        ("n, A", 3),
        ("n, B", 3),
    ]
    gap = "1 month(s) have no row; give each a row with an empty cell to make it a gap"
    assert result.stderr == "".join(f"opti: s.csv: n, {unit}: {gap}\n" for unit in "AB")
    assert "s.csv, n, B" in ask(path, "--by", "enhet").stdout.splitlines()
    refused = ask(path, "--by", "enhet", "--chart", str(tmp_path / "a.svg"))
    assert (refused.exit_code, "--by makes several" in refused.stderr) == (2, True)


def test_the_thresholds_are_those_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs/settings.toml").touch()
    findings = tmp_path / "configs/findings.toml"
    series = file_of(tmp_path, [1, 2] * 5)
    findings.write_text("[charts]\nfewest = 10\nrare_below = 1.5\n", encoding="utf-8")
    judged = ask(series, "--workspace", tmp_path).stdout
    assert "variation: ordinary variation only" in judged
    assert "too rare" not in judged
    findings.write_text("[charts]\nfewest = 11\n", encoding="utf-8")
    unjudged = ask(series, "--workspace", tmp_path).stdout
    assert "has 10 point(s) and needs 11" in unjudged
    assert "counts below 2 on average" in unjudged
    findings.write_text("[charts]\nfewest = 1\n", encoding="utf-8")
    refused = ask(series, "--workspace", tmp_path)
    assert refused.exit_code == 3
    assert "findings.toml: charts.fewest: input should be greater than or equal to 7, not 1" in refused.stderr
