"""A figure is explained by where it stands in a document."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from tests.workspaces import LAST, ask

FILE = "avosairaanhoito.fi.pdf"


def figures(workspace: Path, file: str) -> list[dict[str, str]]:
    listed = ask(workspace, "explain", file, "--month", LAST, "--json")
    assert listed.exit_code == 0, listed.stderr
    return [one | one["question"] for one in json.loads(listed.stdout)]


def test_the_figures_of_a_document_are_rows_of_values_csv(lean: Path) -> None:
    with (lean / "output" / LAST / "values.csv").open(encoding="utf-8", newline="") as file:
        rows = {
            (row["metric"], row["org"], row["period_kind"], row["period"]): row
            for row in csv.DictReader(file)
            if not row["breakdown"]
        }
    found = figures(lean, FILE)
    assert {one["kind"] for one in found} >= {"law", "card"}
    for one in found:
        row = rows[one["metric"], one["org"], one["window"], one["period"]]
        if one["kind"] == "law" and (cases := re.search(r"(\d[\d\u00a0 ]*)/(\d[\d\u00a0 ]*)", one["says"])):
            said = [re.sub(r"\D", "", part) for part in cases.groups()]
            assert said == [row["numerator"], row["denominator"]], one["says"]


@pytest.mark.parametrize("words", ["page 1, card 1", "sivu 1, kortti 1", "sida 1 kort 1"])
def test_a_card_is_explained_like_its_metric(lean: Path, words: str) -> None:
    card = next(one for one in figures(lean, FILE) if one["kind"] == "card")
    done = ask(lean, "explain", f"{FILE}, {words}", "--month", LAST)
    assert done.exit_code == 0
    assert done.stderr == f"card 1 of page 1: {card['says']}\n"
    own = ("--org", card["org"], "--window", card["window"], "--period", card["period"])
    assert done.stdout == ask(lean, "explain", card["metric"], "--month", LAST, *own).stdout


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (
            f"{FILE}, page 1, card 99",
            "there is no such figure\n"
            f"  The document's figures by page: `opti explain {FILE} --month {LAST}`.",
        ),
        (
            "avosairaanhoito.no.pdf",
            f"the run of {LAST} has made no such document, did you mean 'avosairaanhoito.fi'?",
        ),
    ],
)
def test_what_is_not_there_is_named(lean: Path, place: str, said: str) -> None:
    done = ask(lean, "explain", place, "--month", LAST)
    assert done.exit_code == 2
    assert done.stderr == f"opti: {place}: {said}\n"


def test_a_metric_needs_its_organisation(lean: Path) -> None:
    done = ask(lean, "explain", "nps", "--month", LAST)
    assert done.exit_code == 2
    assert done.stderr == "opti: --org: name the organisation too: --org ID, as in values.csv\n"
