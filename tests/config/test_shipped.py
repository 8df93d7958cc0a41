"""The configs that come with the project, and what is told of files that cannot be read at all."""

from __future__ import annotations

import datetime as dt
import pickle
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from opti_reports.algebra.term import parse_term
from opti_reports.config.configs import Configs
from opti_reports.config.guards import Guards
from opti_reports.config.load import load
from opti_reports.config.settings import Findings
from opti_reports.errors import ConfigError, Fault
from opti_reports.periods.months import parse_month

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"


@pytest.fixture(scope="module")
def shipped() -> Configs:
    return load(CONFIGS)


def test_every_file_of_the_configs_is_read(shipped: Configs) -> None:
    stems = {
        folder: {p.stem for p in (CONFIGS / folder).glob("*.toml")}
        for folder in ("sources", "packs", "themes")
    }
    off = {"sources": {"own_pairs"}, "packs": {"pair"}, "themes": {"omaparit"}}
    assert set(shipped.sources) == stems["sources"] - off["sources"]
    assert set(shipped.packs) == stems["packs"] - off["packs"]
    assert {theme.id for theme in shipped.themes} == stems["themes"] - off["themes"]
    assert len(shipped.themes) == 15
    assert set(shipped.wordings) == set(shipped.settings.languages)


def test_metrics_come_in_the_order_of_areas_and_themes(shipped: Configs) -> None:
    listed = [theme for area in shipped.areas for theme in area.themes]
    assert [theme.id for theme in shipped.themes] == listed
    assert list(shipped.metrics) == [name for theme in shipped.themes for name in theme.metric]
    assert shipped.theme_of["coc_index"].id == "vaikuttavuus"


def test_every_fact_has_a_shape_and_every_list_shows_no_pseudonym(shipped: Configs) -> None:
    facts = {fact.id: source for source in shipped.sources.values() for fact in source.fact}
    assert set(shipped.shapes) == set(facts)
    for name, shape in shipped.shapes.items():
        private = {key for key, column in facts[name].column.items() if column.private}
        assert set(shape.private) <= private
        assert not private & set(shape.by)


def test_every_figure_of_the_staff_is_kept_from_small_units(shipped: Configs) -> None:
    about_staff = {"resourcing_weekly", "hr_monthly", "wellbeing_survey", "training_monthly"}
    sources = {
        name: {shipped.shapes[parse_term(text).fact].source for text in metric.added}
        for name, metric in shipped.metrics.items()
    }
    found = {name for name, of in sources.items() if of & about_staff}
    assert {"resourcing_fill_pct", "agency_share_pct", "sick_leave_pct", "enps"} <= found
    kept = {name for name in found if shipped.protection("unit").small_staff(shipped.metrics[name])}
    assert found - kept == set()


def test_what_few_people_said_or_sought_is_withheld(shipped: Configs) -> None:
    least = {"survey_responses": 5, "wellbeing_survey": 10, "legal_cases": 3}
    found = {
        (name, source, shipped.protection("county").cells(metric))
        for name, metric in shipped.metrics.items()
        for text in metric.added
        if (source := shipped.shapes[parse_term(text).fact].source) in least
    }
    assert {source for _, source, _ in found} == set(least)
    assert [one for one in sorted(found) if one[2] < least[one[1]]] == []


def test_rows_of_single_cases_are_never_for_the_public(shipped: Configs) -> None:
    readers = {
        name: [id for id in shipped.audiences.ids if shipped.audiences.reads(rows, id)]
        for name, rows in shipped.lists.items()
    }
    within = ["pair", "unit", "service_unit"]
    everybody = [*within, "county", "public"]
    assert readers == {
        "action_haipro": within,
        "actions": [*within, "county"],
        "omavalvonta": everybody,
        "open_haipro": within,
        "preparations": [*within, "county"],
        "published_actions": everybody,
        "quotes": [*within, "county"],
        "reference_values": everybody,
        "rota": [*within, "county"],
        "serious_incidents": [*within, "county"],
    }


def test_the_organisation_is_one_tree_before_and_after_the_merger(shipped: Configs) -> None:
    organisation = shipped.organisation
    before, after = organisation.tree(parse_month("2025-03")), organisation.tree(parse_month("2025-04"))
    assert {node.id for node in before.nodes} - {node.id for node in after.nodes} == {"kilo"}
    assert after.moved["kilo"] == "leppavaara"
    assert organisation.resolve("puhelin", "ta kilo ", parse_month("2025-03")) == "kilo"
    assert organisation.resolve("puhelin", "TA Kilo", parse_month("2025-04")) == "leppavaara"
    assert organisation.resolve("puhelin", "Samarian terveysasema", parse_month("2024-12")) == "espoon_keskus"
    assert organisation.resolve("puhelin", "Esboviken", parse_month("2025-04")) == "espoonlahti"
    assert organisation.resolve("puhelin", "nowhere", parse_month("2025-04")) is None
    assert after.root.id == "avosairaanhoito"
    assert after.lineage("tapiola") == ("tapiola", "etela_espoo", "avosairaanhoito")


def test_the_day_of_the_data_month_is_its_last(shipped: Configs) -> None:
    leap_day = dt.date(2024, 2, 29) - dt.date(1970, 1, 1)
    assert shipped.context(parse_month("2024-02")).asof == leap_day.days


def thresholds(model: BaseModel, key: str = "") -> Iterator[tuple[str, object]]:
    """Every number of a model by its key in the file; lists are no thresholds."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from thresholds(value, f"{key}{name}.")
        elif not isinstance(value, tuple):
            yield f"{key}{name}", value


@pytest.mark.parametrize(("file", "model"), [("findings.toml", Findings), ("guards.toml", Guards)])
def test_a_threshold_has_one_value_written_in_its_file_or_left_out(file: str, model: type[BaseModel]) -> None:
    """What a workspace from before a key is judged by is what the shipped file says of it."""
    written = tomllib.loads((CONFIGS / file).read_text(encoding="utf-8"))
    assert dict(thresholds(model())) == dict(thresholds(model.model_validate(written)))
    keys = {f"{table}.{key}" for table, inner in written.items() if isinstance(inner, dict) for key in inner}
    assert {key for key, _ in thresholds(model())} <= keys | set(written)


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(folder)
    return [str(fault) for fault in caught.value.faults]


def test_files_that_cannot_be_read_are_told_together(tmp_path: Path) -> None:
    folder = tmp_path / "configs"
    shutil.copytree(CONFIGS, folder)
    (folder / "audiences.toml").unlink()
    (folder / "limits.toml").unlink()
    (folder / "areas.toml").write_bytes("name = 'Säkerhet'".encode("cp1252"))
    (folder / "targets.toml").write_text("[[target]]\nmetric = \n", encoding="utf-8")
    shutil.rmtree(folder / "packs")
    assert faults_of(folder) == [
        "areas.toml: byte 9: is not UTF-8 text. Save the file as UTF-8.",
        "audiences.toml: the file is missing. Copy it from a fresh `opti init`.",
        "limits.toml: the file is missing. Copy it from a fresh `opti init`.",
        "packs: the folder has no .toml files. Copy it from a fresh `opti init`.",
        "targets.toml: line 2, column 10: not valid TOML: Invalid value",
    ]


def test_an_empty_folder_lacks_every_file(tmp_path: Path) -> None:
    assert len(faults_of(tmp_path)) == 12


def test_all_faults_are_one_message_and_survive_a_process_boundary() -> None:
    error = ConfigError([Fault("b.toml", "x", "unfit.missing"), Fault("a.toml", "", "file.missing")])
    assert str(error) == (
        "2 fault(s) in the configs:\n"
        "  a.toml: the file is missing. Copy it from a fresh `opti init`.\n  b.toml: x: is missing"
    )
    again = pickle.loads(pickle.dumps(error))  # as a worker process hands it back
    assert (str(again), again.faults, again.exit_code) == (str(error), error.faults, 3)


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "configs"
    shutil.copytree(ROOT / "configs", folder)
    path = folder / "settings.toml"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig", newline="\r\n")
    assert load(folder).settings.country == "FI"
