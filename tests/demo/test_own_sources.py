"""A workspace's extracts are such as its own configs read them, where they know what the demo writes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from opti_reports.demo import generate
from opti_reports.demo.layout import LAYOUTS, Layout
from opti_reports.errors import ConfigError, Fault
from tests.demo.reading import ORGANISATION

MONTH = "2025-04"
PHONE = "phone_contacts.toml"


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    shutil.copytree("configs/sources", folder)
    return folder


def written(target: Path, configs: Path | None) -> tuple[dict[str, bytes], list[str]]:
    """The newest month's phone contacts by the file's name, and what the demo said of the configs."""
    faults: list[Fault] = []
    generate(
        target,
        MONTH,
        organisation_file=ORGANISATION,
        source_folder=configs,
        months=2,
        scale=0.003,
        sources=("phone_contacts",),
        unfit=faults.append,
    )
    files = {path.name: path.read_bytes() for path in (target / MONTH).glob("*.csv")}
    return files, [str(fault) for fault in faults]


def edit(configs: Path, old: str, new: str) -> None:
    text = (configs / PHONE).read_text(encoding="utf-8")
    assert old in text
    (configs / PHONE).write_text(text.replace(old, new), encoding="utf-8")


def test_untouched_configs_give_the_shipped_extracts(tmp_path: Path, configs: Path) -> None:
    shipped = written(tmp_path / "shipped", None)
    assert shipped[0]
    assert written(tmp_path / "own", configs) == shipped


def test_headings_codes_and_files_are_those_of_the_workspace(tmp_path: Path, configs: Path) -> None:
    edit(configs, '["jono", "jonon_nimi"', '["soittojono", "jono"')
    edit(configs, '["vastattu", "besvarat"', '["hoidettu_heti", "besvarat"')
    edit(configs, '"puhelut*.csv"', '"soitot*.csv"')
    files, faults = written(tmp_path / "own", configs)
    assert faults == []
    assert all(name.startswith("soitot_") for name in files)
    head, *rows = next(iter(files.values())).decode("cp1252").splitlines()
    assert head.startswith("Puhelu ID;Soittojono;")
    assert any(";hoidettu_heti;" in row for row in rows)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("attempts_n ", "attempts_m ", "column.attempts_n: is missing"),
        ('type = "integer", ', 'type = "decimal", ', "column.attempts_n.type: is decimal, not integer"),
        ('"kielilinja", ', "", "column.language.aliases: lacks 'Kielilinja'"),
        ('"jonossa", ', "", "column.end_state.code_aliases.open: lacks 'jonossa'"),
        ('"puhelut*.csv", ', "", "files: has no pattern that ends with *.csv"),
        ('date          = "arrived_at"', "date = arrived_at", "not valid TOML"),
    ],
)
def test_configs_that_lack_something_are_named_and_the_shipped_ones_count(
    tmp_path: Path, configs: Path, old: str, new: str, fault: str
) -> None:
    edit(configs, old, new)
    files, faults = written(tmp_path / "own", configs)
    assert len(faults) == 1
    assert faults[0].startswith(f"sources/{PHONE}: ")
    assert fault in faults[0]
    assert files == written(tmp_path / "shipped", None)[0]


def test_a_code_that_the_config_lacks_is_refused() -> None:
    layout = LAYOUTS["phone_contacts"]
    state = layout.config.column["end_state"]
    fewer = state.model_copy(update={"codes": state.codes[1:]})
    own = layout.config.model_copy(update={"column": {**layout.config.column, "end_state": fewer}})
    with pytest.raises(ConfigError, match=r"end_state\.codes: lacks 'answered'"):
        layout.read_by(own)


OF_MEETINGS = {"barrier", "passed_over"}
"""What imports alone write, of what a meeting chose and passed over."""


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_column_of_the_shipped_configs_is_written_once(layout: Layout) -> None:
    names = [column.name for column in layout.columns if column.kind != "fixed"]
    assert sorted(names) == sorted(set(layout.config.column) - OF_MEETINGS)
