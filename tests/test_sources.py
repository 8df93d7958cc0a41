"""A smaller start: with some of a line's sources packs are shorter, and not full of 'no data'."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from opti_reports.cli import main
from opti_reports.config.configs import Configs
from opti_reports.config.listed import Listed, with_sources
from opti_reports.config.load import load
from opti_reports.config.references import references
from opti_reports.demo import generate
from opti_reports.line import lines
from opti_reports.workspace import Workspace, init
from tests.workspaces import ask

MONTH = "2026-08"
THREE = "phone,feedback,haipro"
HAS = {"phone_contacts", "client_feedback", "haipro_reports"}


def start(folder: Path, *sources: str) -> Workspace:
    made = CliRunner().invoke(main, ["init", str(folder), "--sources", ",".join(sources)])
    assert made.exit_code == 0, made.output
    return Workspace(folder)


def dangling(configs: Configs) -> list[str]:
    """What packs, findings, goals, groupings and metrics name and the configs do not have."""
    known = {
        "metric": set(configs.metrics),
        "fact": set(configs.shapes),
        "list": set(configs.lists),
        "process": {one.id for one in configs.findings.process},
        "goal": {one.id for one in configs.goals.goal},
        "grouping": {one.id for one in configs.groupings},
    }
    parts: list[BaseModel] = [
        *configs.packs.values(),
        *configs.metrics.values(),
        *configs.sources.values(),
        configs.findings,
    ]
    parts += [configs.goals, configs.targets, *configs.groupings]
    return [
        f"{key}: {name}"
        for part in parts
        for key, kind, name in references(part)
        if kind in known and name not in known[kind]
    ]


@pytest.mark.parametrize("line", [line.id for line in lines()])
def test_with_any_one_source_alone_nothing_names_what_is_gone(line: str, tmp_path: Path) -> None:
    whole = load(init(tmp_path / "place", line).configs)
    assert dangling(whole) == []
    for name in whole.sources:
        own = with_sources(whole, Listed(sources=(name,)))
        assert dangling(own) == [], name
        kept = {id for id, one in whole.sources.items() if one.kept}
        assert set(own.sources) == {name} | kept
        assert {shape.source for shape in own.shapes.values()} <= {name} | kept
        for pack in own.packs.values():
            assert pack.section
            assert all(section.block for section in pack.section)
    assert with_sources(whole, Listed(sources=tuple(whole.sources))).packs == whole.packs


def test_sections_without_a_source_fall_with_their_headings(tmp_path: Path) -> None:
    place = start(tmp_path / "place", *THREE.split(","))
    whole, own = load(place.configs, whole=True), load(place.configs)
    gone = [
        s.id for s in whole.packs["unit"].section if s.id not in {t.id for t in own.packs["unit"].section}
    ]
    assert gone == ["henkilosto"]
    (before,) = [section for section in own.packs["unit"].section if section.id == "haipro"]
    assert before.block[-1].kind == "decisions", "what a meeting decides is asked for all the same"
    (staff,) = [section for section in own.packs["unit"].section if section.id == "henkilostokokous"]
    assert staff.own_page
    assert {one.id for one in own.areas} < {one.id for one in whole.areas}
    assert set(own.metrics) < set(whole.metrics)
    assert "actions_on_time_pct" not in own.metrics
    assert own.sources["action_register"].presence == "imported"
    assert [words["fi"] for words in own.unlisted.brings["unit"]["t3_snapshots"]] == ["Ajantasaisuus"]


def test_the_check_goes_on_where_no_source_feeds_a_metric(tmp_path: Path) -> None:
    place = start(tmp_path / "place", "survey_invitations")
    assert not load(place.configs).metrics
    done = ask(place.root, "check")
    assert done.exit_code == 0, done.output


def test_a_pack_that_no_source_is_left_for_is_not_made(tmp_path: Path) -> None:
    place = start(tmp_path / "place", "haipro")
    own = load(place.configs)
    assert "unit" in own.packs
    assert "public_access" not in own.packs
    assert "week" not in own.packs
    told = ask(place.root, "sources").stdout
    assert "1 of 25 sources are yours" in told


def test_sources_are_named_by_a_word_and_refused_with_what_may_be_meant(tmp_path: Path) -> None:
    folder = tmp_path / "place"
    for words, said in {
        "phone,feedbak": "no source is called 'feedbak', did you mean 'client_feedback'?",
        "survey": "'survey' may be any of survey_invitations, survey_responses, wellbeing_survey",
    }.items():
        refused = CliRunner().invoke(main, ["init", str(folder), "--sources", words])
        assert refused.exit_code == 2
        assert said in refused.output
        assert not folder.exists()
    place = start(folder, "puhepalvelu", "Asiakaspalautteet", "haipro_reports")
    assert set(load(place.configs).sources) == HAS | {"action_register", "preparation_notes"}


def test_the_list_grows_shrinks_and_is_taken_back(tmp_path: Path) -> None:
    place = start(tmp_path / "place", "phone")
    assert ask(place.root, "sources", "--add", "avohilmo,haipro", "--drop", "phone").exit_code == 0
    how = {one["source"]: one["how"] for one in json.loads(ask(place.root, "sources", "--json").stdout)}
    assert {id for id, one in how.items() if one == "yes"} == {"avohilmo_events", "haipro_reports"}
    assert how["preparation_notes"] == "meetings"
    assert ask(place.root, "adopt", "--undo").exit_code == 0
    assert "phone_contacts" in load(place.configs).sources
    refused = ask(place.root, "sources", "--drop", "phone")
    assert "no source would be left" in refused.output
    refused = ask(place.root, "sources", "--only", "phone", "--add", "haipro")
    assert "--only says all there is" in refused.output


def test_a_list_that_names_what_nobody_knows_is_a_fault_of_its_file(tmp_path: Path) -> None:
    place = start(tmp_path / "place", "phone")
    (place.configs / "sources.toml").write_text(
        'sources = ["phone_contact", "phone_contacts", "phone_contacts"]'
    )
    told = ask(place.root, "check").output
    assert "sources.toml: sources.1: unknown source 'phone_contact', did you mean 'phone_contacts'?" in told
    assert "sources.toml: sources.3: 'phone_contacts' is there twice" in told
    (place.configs / "sources.toml").write_text("sources = []")
    assert "sources.toml: sources: is missing" in ask(place.root, "check").output


def test_three_sources_of_the_default_line_run_and_say_what_others_would_add(tmp_path: Path) -> None:
    place = start(tmp_path / "place", *THREE.split(","))
    assert ask(place.root, "demo", "--months", "14", "--scale", "0.01").exit_code == 0
    delivered = {path.name.split("_")[0] for path in (place.data / MONTH).glob("*.*")}
    assert not {"avohilmo", "toimenpiteet"} & delivered, "the demo brings what the organisation has"
    ready = ask(place.root, "ready", "--month", MONTH)
    assert "3 of 3 sources of 2026-08 have arrived." in ready.stdout
    assert "comes from meetings" in ready.stdout
    assert ask(place.root, "check", "--month", MONTH).exit_code == 0
    done = ask(place.root, "run", "--month", MONTH, "--pack", "unit", "--org", "tapiola", "--jobs", "1")
    assert done.exit_code == 0, done.output
    note = json.loads((place.output / MONTH / "run.json").read_text(encoding="utf-8"))
    assert note["warnings"] == []
    text = (place.output / MONTH / "packs/unit/tapiola.fi.json").read_text(encoding="utf-8")
    assert '"ei tietoa"' not in text.casefold()
    (line,) = [
        block["text"]
        for block in json.loads(text)["sections"][0]["blocks"]
        if block["kind"] == "notice" and block["text"].startswith("Muista")
    ]
    assert line == (
        "Muista tietolähteistä saataisiin lisää: "
        "AvoHILMO (tehokkuus, vaikuttavuus, tasapuolisuus ja 4 muuta); "
        "Digiasioinnit (etäasiointi); Menetelmien käyttö (vaikuttavuus) ja 11 muuta."
    )


def test_a_file_of_a_source_that_is_not_had_is_named_and_left_alone(tmp_path: Path) -> None:
    place = start(tmp_path / "place", "phone")
    generate(
        place.data, MONTH, organisation_file=place.configs / "organisation.toml", months=3, scale=0.005,
        sources=("phone_contacts", "t3_snapshots", "avohilmo_events"),
    )  # fmt: skip
    told = ask(place.root, "ready", "--month", MONTH).output
    assert (
        "files of avohilmo_events, t3_snapshots, which you do not have (`opti sources`), are not read" in told
    )
    note = place.data / MONTH / "delivery.toml"
    note.write_text("[t3_snapshots]\nconfirm_shrink = true\n")
    assert ask(place.root, "check", "--month", MONTH).exit_code == 0, "what it says of another source waits"


def test_the_first_delivery_of_an_old_file_shows_no_zeros(tmp_path: Path) -> None:
    place = start(tmp_path / "place", "referrals", "phone", "haipro")
    generate(
        tmp_path / "made", MONTH, organisation_file=place.configs / "organisation.toml", months=3, scale=0.02,
        sources=("referrals", "phone_contacts", "haipro_reports"),
    )  # fmt: skip
    folder = place.data / MONTH
    folder.mkdir()
    for path in (tmp_path / "made" / MONTH).glob("*.csv"):
        if not path.name.startswith("lahetteet"):
            shutil.copy(path, folder)
    (old,) = (tmp_path / "made/2026-06").glob("lahetteet*")
    shutil.copy(old, folder / "lahetteet_uusi.csv")
    checked = ask(place.root, "check", "--month", MONTH)
    assert checked.exit_code == 0
    told = "referrals: the delivery has no row of 2026-08, where some 75 were to be expected; partial for it"
    assert f"look at: {told}" in checked.stdout
    assert (
        ask(
            place.root, "run", "--month", MONTH, "--pack", "unit", "--org", "tapiola", "--jobs", "1"
        ).exit_code
        == 0
    )
    with (place.output / MONTH / "values.csv").open(encoding="utf-8") as file:
        rows = [
            row for row in csv.DictReader(file) if row["metric"] == "referrals_n" and row["org"] == "tapiola"
        ]
    assert {row["state"] for row in rows if row["period"] == MONTH and not row["breakdown"]} == {"partial"}


def test_a_file_that_is_adopted_brings_its_source(tmp_path: Path) -> None:
    place = start(tmp_path / "place", "phone")
    generate(
        tmp_path / "made", MONTH, organisation_file=place.configs / "organisation.toml", months=3, scale=0.02,
        sources=("haipro_reports",),
    )  # fmt: skip
    (file,) = (tmp_path / "made" / MONTH).glob("haipro*")
    planned = ask(place.root, "adopt", str(file), "--json")
    added = [one for one in json.loads(planned.stdout)["additions"] if one["file"] == "sources.toml"]
    assert [one["value"] for one in added] == ["haipro_reports"]
    assert ask(place.root, "adopt", str(file), "--write", "--yes").exit_code == 0
    assert "haipro_reports" in load(place.configs).sources
    assert "# " in (place.configs / "sources.toml").read_text(encoding="utf-8")
