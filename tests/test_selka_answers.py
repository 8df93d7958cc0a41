"""The answers of the low-back pathway: scored as the questionnaires say, or rejected with a reason."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from opti_reports.algebra.expression import evaluate
from opti_reports.algebra.vector import Vector
from opti_reports.config.configs import Configs
from opti_reports.config.expressions import empty_column
from opti_reports.config.load import load
from opti_reports.disk import sha256
from opti_reports.extracts import find
from opti_reports.extracts.gathered import Extract
from opti_reports.extracts.read import read
from opti_reports.periods.months import parse_month
from opti_reports.workspace import init
from tests.algebra.rows import Unknown, date, number, shown
from tests.workspaces import ask

HEAD = ("vastaus_id", "jakso_avain", "yksikko_koodi", "jakso_alkoi", "vaihe", "vastattu")
COLUMNS = (
    *HEAD,
    *(f"start_{item}" for item in range(1, 10)),
    "kipu_nrs",
    *(f"odi_{item}" for item in range(1, 11)),
    "odi",
    "eq5d",
    "suosittelu",
)
STARTED = "2026-03-02"


@pytest.fixture(scope="module")
def configs(tmp_path_factory: pytest.TempPathFactory) -> Configs:
    """The line's configs as they ship."""
    return load(init(tmp_path_factory.mktemp("selka") / "place", "selka").configs)


def derived(configs: Configs, name: str, **cells: float | None) -> Fraction | str | None:
    """What the source derives of one row with these cells, the others empty."""
    source, known = configs.sources["kyselyt"], configs.context(parse_month("2026-03"))
    columns = {column: empty_column(spec) for column, spec in source.column.items()}
    rows = {column: filled(one, cells.get(column)) for column, one in columns.items()}
    for id, text in source.derive.items():
        rows[id] = evaluate(text, rows, 1, known)
        if id == name:
            (found,) = shown(rows[id])
            assert not isinstance(found, Unknown | bool)
            return found
    raise KeyError(name)


def filled(column: Vector, cell: float | None) -> Vector:
    """A column of one cell; episodes began on 2 March 2026."""
    if column.kind == "date":
        return date("2026-03-02")
    if column.kind == "number":
        return number(cell, denominator=column.denominator)
    return replace(column, data=np.zeros(1, dtype=np.int64), filled=np.zeros(1, dtype=bool))


def items(stem: str, *points: int | None) -> dict[str, float | None]:
    return {f"{stem}_{place}": point for place, point in enumerate(points, 1)}


def test_odi_is_the_points_of_answered_sections(configs: Configs) -> None:
    """The example of the questionnaire's authors (Fairbank and Pynsent, Spine 2000;25(22):2940-52): 16 points
    of 50 are 32 %; where one section is missed or not applicable 16 of 45, which they write as 35.5 %.
    """
    whole = items("odi", 2, 1, 3, 1, 2, 2, 1, 1, 2, 1)
    assert derived(configs, "odi_tulos", **whole) == 32
    assert derived(configs, "odi_tulos", **items("odi", 2, 1, 3, 1, 2, 2, 2, None, 2, 1)) == Fraction("35.56")
    # Two missed are counted, three are not: the line's own limit. What the tool has scored goes first.
    assert derived(configs, "odi_tulos", **items("odi", 2, 2, 3, 2, 2, 2, 2, None, None, 1)) == 40
    assert derived(configs, "odi_tulos", **items("odi", 2, 2, 3, 2, 2, 2, 2)) is None
    assert derived(configs, "odi_tulos", **whole, odi=31) == 31
    assert [derived(configs, "odi_tulos", **items("odi", *[n] * 10)) for n in (0, 5)] == [0, 100]


@pytest.mark.parametrize(
    ("agreed", "bothersome", "scores"),
    [
        # Hill et al., Arthritis Rheum 2008;59(5):632-41: three or less in all is low risk; of the others four
        # or more of the five psychosocial items (5 to 9) high risk. "Very much" and "extremely" count of 9.
        ((0, 0, 0, 0, 0, 0, 0, 0), 0, (0, 0, "1-matala")),
        ((1, 1, 1, 0, 0, 0, 0, 0), 2, (3, 0, "1-matala")),
        ((0, 0, 0, 0, 1, 1, 0, 0), 3, (3, 3, "1-matala")),
        ((1, 1, 1, 1, 0, 0, 0, 0), 0, (4, 0, "2-keski")),
        ((1, 1, 1, 1, 1, 1, 1, 0), 2, (7, 3, "2-keski")),
        ((0, 0, 0, 0, 1, 1, 1, 1), 0, (4, 4, "3-korkea")),
        ((0, 0, 0, 0, 1, 1, 1, 0), 4, (4, 4, "3-korkea")),
        ((1, 1, 1, 1, 1, 1, 1, 1), 4, (9, 5, "3-korkea")),
    ],
)
def test_start_back_is_its_total_and_its_psychosocial_subscale(
    configs: Configs, agreed: tuple[int, ...], bothersome: int, scores: tuple[int, int, str]
) -> None:
    cells = items("start", *agreed, bothersome)
    found = [derived(configs, name, **cells) for name in ("start_yhteensa", "start_psyko", "riski")]
    assert found == list(scores)


def test_start_back_with_an_answer_missing_is_no_risk_group(configs: Configs) -> None:
    for missing in range(9):
        cells = items("start", *(None if place == missing else 0 for place in range(9)))
        assert derived(configs, "riski", **cells) == "ei"


def test_the_index_of_eq5d_is_that_of_its_published_value_sets(configs: Configs) -> None:
    """Devlin et al., Health Economics 2018;27(1):7-22: 23245 is 0.247, the worst state -0.285 (England).
    Ludwig et al., PharmacoEconomics 2018;36(6):663-674: from -0.661 to 1 (Germany).
    """
    known = configs.context(parse_month("2026-03"))

    def worth(table: str, *states: int) -> list[Fraction]:
        vector = evaluate(f"worth('{table}', x)", {"x": number(*states)}, len(states), known)
        return [one for one in shown(vector) if isinstance(one, Fraction)]

    england = worth("eq5d5l_englanti", 23245, 55555, 11111, 11211)
    assert england == [Fraction(text) for text in ("0.247", "-0.285", "1", "0.95")]
    assert worth("eq5d5l", 55555, 11111) == [Fraction("-0.661"), Fraction(1)]
    # 1 - 0.026 - 0 - 0.036 - 0.109 - 0.030
    assert derived(configs, "eq5d_indeksi", eq5d=21232) == Fraction("0.799")
    every = [a * 10000 + b * 1000 + c * 100 + d * 10 + e for a, b, c, d, e in product(range(1, 6), repeat=5)]
    for table in ("eq5d5l", "eq5d5l_englanti"):
        found = worth(table, *every)
        assert len(found) == 3125
        assert [max(found), min(found)] == [found[0], found[-1]]


def row(id: str, episode: str, phase: str, given: str, **cells: object) -> dict[str, str]:
    own = zip(HEAD, (id, episode, "FT-TAP", STARTED, phase, given), strict=True)
    return dict(own) | {name: str(cell) for name, cell in cells.items()}


GOOD = (
    row("A1", "a", "alku", "2026-03-03", kipu_nrs=6, odi=40, eq5d=21232),
    row("A2", "b", "alku", "2026-03-02"),
)
SECTIONS = {f"odi_{item}": 2 for item in range(1, 11)}


def written(data: Path, *rows: dict[str, str]) -> Path:
    """The folder of March 2026 with the extract of these rows."""
    folder = data / "2026-03"
    folder.mkdir(parents=True)
    lines = [";".join(COLUMNS), *(";".join(one.get(name, "") for name in COLUMNS) for one in rows)]
    (folder / "kyselyt.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def delivered(configs: Configs, place: Path, *rows: dict[str, str]) -> Extract:
    """What reading these rows as March 2026 gives."""
    written(place, *rows)
    source, month = configs.sources["kyselyt"], parse_month("2026-03")
    (delivery,) = find.deliveries(place, month, {"kyselyt": source}, configs.calendar, sha256)
    return read(source, delivery, configs.context(month), b"0" * 32)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (row("X", "a", "3 kk", "2026-03-02"), "a follow-up before its start"),
        (row("X", "c", "3 kk", "2026-03-20"), "a follow-up without a start"),
        (row("X", "b", "alku", "2026-03-09"), "a second answer to the same questionnaire"),
        (row("X", "c", "alku", "2026-03-09", eq5d=11116), "the EQ-5D-5L state is not 11111–55555"),
        (row("X", "c", "alku", "2026-03-09", eq5d="01111"), "the EQ-5D-5L state is not 11111–55555"),
        (row("X", "c", "alku", "2026-03-09", eq5d=111111), "the EQ-5D-5L state is not 11111–55555"),
        (row("X", "c", "alku", "2026-03-09", odi="100,5"), "ODI is not 0–100"),
        (row("X", "c", "alku", "2026-03-09", odi=-1), "ODI is not 0–100"),
        (row("X", "c", "alku", "2026-03-09", odi=55, **SECTIONS), "ODI is not that of its sections"),
        (row("X", "c", "alku", "2026-03-09", kipu_nrs=11), "pain is not 0–10"),
    ],
)
def test_a_row_that_cannot_be_is_rejected_with_its_reason(
    configs: Configs, tmp_path: Path, wrong: dict[str, str], said: str
) -> None:
    extract = delivered(configs, tmp_path, *GOOD, wrong)
    assert extract.read == extract.size + len(extract.rejects) == 3
    ((file, line, key, reason),) = ((r.file, r.line, r.key, r.reason) for r in extract.rejects)
    assert (file, line, key) == ("kyselyt.csv", 4, "X")
    broken = configs.sources["kyselyt"].broken(reason)
    assert broken is not None
    assert broken.reason["en"] == said


def test_rejected_rows_are_told_on_the_terminal_and_the_sums_agree(tmp_path: Path) -> None:
    place = init(tmp_path / "place", "selka")
    wrong = (row("X1", "a", "3 kk", "2026-03-02"), row("X2", "c", "3 kk", "2026-03-20"))
    folder = written(place.data, *GOOD, *wrong)
    actions = "toimenpide_id;yksikkö;toimenpide;avattu;määräaika;vastuurooli;tila;lähde\n"
    (folder / "toimenpiteet.csv").write_text(actions, encoding="utf-8")
    checked = ask(place.root, "check", "--month", "2026-03")
    assert checked.exit_code == 0, checked.output
    said = checked.stdout.splitlines()
    assert "kyselyt              1     4     2         2        0" in said
    assert "kyselyt: check.alku_on 1, check.seuranta_alun_jalkeen 1" in said
    assert (
        "look at: kyselyt: 2 of 4 rows rejected: "
        "1 row(s) of kyselyt.csv: a follow-up before its start, e.g. line 4; "
        "1 row(s) of kyselyt.csv: a follow-up without a start, e.g. line 5"
    ) in checked.output


def test_a_follow_up_whose_start_was_rejected_stays_and_leaves_the_patient_in_doubt(
    configs: Configs, tmp_path: Path
) -> None:
    """Nobody knows what the start said: neither is the follow-up an answer without one."""
    rows = (row("A1", "a", "alku", "2026-03-03", odi=140), row("A2", "a", "3 kk", "2026-03-20", odi=20))
    extract = delivered(configs, tmp_path, *rows)
    assert [r.reason for r in extract.rejects] == ["check.odi_asteikolla"]
    assert extract.size == 1
