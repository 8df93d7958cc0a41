"""What people wrote reaches no byte of the output but as a marked quote or a title, and redacted."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.weeks import without_weeks
from tests.workspaces import LAST, ROOT, ask, once, pages

UNIT, STORE = "puhelinpalvelu", ".store"
SECTIONS = {"tilanne", "haipro", "asiakaspalaute", "asiakaskokemus"}
UNMARKED, MARKED, SPAM, REFUSED, ELSEWHERE = "Kvaxi", "Zorvi", "Wumbli", "Plonki", "Trulli"
REPORT, TITLE, EFFECT = "Gnarri", "Skribi", "Fnorpi"
PERSONAL = ("040 123 4567", "0401234567", "010190", "esim.fi")
"""What stands in every text beside its word."""
FEEDBACK = f"""feedback_id;unit_code;received_at;state;quote_marked;text
X1;Puhelinpalvelu pk;2026-08-03T10:00;suljettu;e;{UNMARKED} 010190–123A
X2;Puhelinpalvelu pk;2026-08-04T10:00;suljettu;k;{MARKED} 040 123 4567, 010190–123A, eero@esim.fi
X3;Puhelinpalvelu pk;2026-08-05T10:00;roskaposti;k;{SPAM} 0401234567
Palaute-404;Puhelinpalvelu pk;2026-08-35T10:00;suljettu;k;{REFUSED} 0401234567
X5;Lohja ta;2026-08-06T10:00;suljettu;k;{ELSEWHERE} 0401234567
"""
REPORTS = f"""report_id;report_type;event_unit_code;handler_unit_code;reported_at;state;luokka2
H90000001;patient_safety;AVO-20;AVO-20;2026-08-03T10:00;odottaa;{REPORT} 0401234567
"""
ACTIONS = f"""action_id;unit_code;title;source_kind;opened_at;due_at;state;owner_role;expected_effect
X1;{UNIT};{TITLE} 040 123 4567;muu;2026-08-03;2026-08-20;sovittu;osastonhoitaja;{EFFECT} eero@esim.fi
"""


@pytest.fixture(scope="module")
def place(lean_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of a delivery with such texts, packs of all levels with the sections that could show them."""

    def make(root: Path) -> None:
        shutil.copytree(lean_run, root)
        for name, text in (("palaute_x", FEEDBACK), ("haipro_x", REPORTS), ("toimenpiteet_x", ACTIONS)):
            (root / "data" / LAST / f"{name}.csv").write_text(text, encoding="utf-8")
        without_weeks(root / "configs")
        for path in (root / "configs/packs").glob("*.toml"):
            own = path.read_text(encoding="utf-8").split("[[section]]")[0]
            _, *sections = (
                (ROOT / f"configs/packs/{path.name}").read_text(encoding="utf-8").split("[[section]]")
            )
            kept = [text for text in sections if text.split('"')[1] in SECTIONS]
            path.write_text("[[section]]".join([own, *kept]), encoding="utf-8")
            if not kept:
                path.unlink()
        done = ask(root, "run", "--month", LAST, "--jobs", "1")
        assert done.exit_code == 0, done.output

    return once(tmp_path_factory, "texts", make)


def texts(name: str, content: bytes) -> Iterator[str]:
    """What stands in a file and in all that is packed in it."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for part in package.namelist():
                yield from texts(part, package.read(part))
    elif name.endswith(".parquet"):
        table = pq.read_table(io.BytesIO(content))
        numbers = [field.name for field in table.schema if pa.types.is_integer(field.type)]
        yield str(table.drop_columns(numbers).to_pydict())  # hashes may hold any row of digits by chance
    else:
        yield content.decode("utf-8", "replace")


@pytest.fixture(scope="module")
def output(place: Path) -> dict[str, list[str]]:
    """What stands in each file of the output, the store's all under one name."""
    found: dict[str, list[str]] = {}
    for path in (path for path in (place / "output").rglob("*") if path.is_file()):
        kept = path.relative_to(place / "output")
        name = STORE if kept.parts[0] == STORE else kept.as_posix()
        found.setdefault(name, []).extend(texts(path.name, path.read_bytes()))
        found[name] += pages(path) if path.suffix == ".pdf" else []
    return found


def holders(output: dict[str, list[str]], word: str) -> set[str]:
    """The files in which a word stands."""
    return {name for name, said in output.items() if any(word in text for text in said)}


@pytest.mark.parametrize("word", [UNMARKED, SPAM, REFUSED, REPORT, *PERSONAL])
def test_what_nobody_marked_and_what_tells_of_a_person_stands_nowhere(
    output: dict[str, list[str]], word: str
) -> None:
    assert holders(output, word) == set()


def test_the_refused_row_is_listed_without_its_text(output: dict[str, list[str]]) -> None:
    assert holders(output, "Palaute-404") == {f"{LAST}/rejects/client_feedback.csv", STORE}


def test_a_marked_quote_stands_in_the_pack_of_its_own_unit_alone(output: dict[str, list[str]]) -> None:
    own = f"{LAST}/packs/unit/{UNIT}.fi"
    assert holders(output, MARKED) == {STORE, f"{own}.json", f"{own}.pdf"}
    assert holders(output, ELSEWHERE) == {STORE}


def test_titles_stand_where_actions_do_and_are_redacted(output: dict[str, list[str]]) -> None:
    named = {name.split("/")[2] for name in holders(output, TITLE) if "/packs/" in name}
    assert named == {"unit"}
    said = " ".join(output[f"{LAST}/packs/unit/{UNIT}.fi.pdf"])
    assert f"{TITLE} [poistettu]" in " ".join(said.split())
