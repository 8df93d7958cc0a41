"""Keys of several columns: two spellings of the same code or month are the same key."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np

from opti_reports.config.source import Source
from tests.extracts.reading import VISITS, column, read_text

BY_MONTH = Source.model_validate(
    tomllib.loads(VISITS)
    | {"key": ["unit_code", "month", "kind", "client"], "date": "month", "same_within": None}
)
HEADER = "visit_id;unit_code;arrived_at;month;kind;client;persons"


def test_two_spellings_of_a_key_are_one_row(tmp_path: Path) -> None:
    extract = read_text(
        tmp_path,
        f"{HEADER}\nv1;A;2026-03-01;2026-03;call;;1\nv2;B;2026-03-01;2026-03;call;;2\n",
        f"{HEADER}\nv3;A;2026-03-01;3/2026;Puhelu;;3\nv4;A;2026-03-01;3/2026;visit;;4\n",
        source=BY_MONTH,
    )
    assert column(extract, "persons") == [2, 3, 4]
    assert [(r.line, r.key, r.reason) for r in extract.rejects] == [
        (2, "A 2026-03 call", "duplicate_replaced")
    ]


def test_an_empty_part_of_a_key_is_a_value_of_its_own_and_pseudonyms_tell_rows_apart(tmp_path: Path) -> None:
    rows = [
        "v1;A;2026-03-01;2026-03;;p;1",
        "v2;A;2026-03-01;2026-03;;q;2",
        "v3;A;2026-03-01;2026-03;call;p;3",
    ]
    extract = read_text(
        tmp_path, "\n".join([HEADER, *rows, "v4;A;2026-03-01;2026-03;;q;4"]) + "\n", source=BY_MONTH
    )
    assert column(extract, "persons") == [1, 3, 4]


def test_the_rank_does_not_depend_on_the_hash_of_a_pseudonym(tmp_path: Path) -> None:
    rows = [f"v{i};A;2026-03-01;2026-03;;{name};1" for i, name in enumerate("dacb")]
    extract = read_text(tmp_path, "\n".join([HEADER, *rows]) + "\n", source=BY_MONTH)
    assert extract.rank[np.arange(4)].tolist() == [3, 0, 2, 1]
    assert extract.rank[np.array([1, 0, 2])].tolist() == [0, 2, 1]
