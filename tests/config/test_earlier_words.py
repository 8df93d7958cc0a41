"""Configs written with earlier words are read as what they mean now."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from opti_reports.config.load import load
from tests.weeks import without_weeks

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
EARLIER = {"month": ("every", "month"), "tertial": ("tertial", "tertial")}


def test_months_period_and_tertial_only_are_cadences(tmp_path: Path) -> None:
    folder = tmp_path / "configs"
    shutil.copytree(CONFIGS, folder)
    without_weeks(folder)  # of a later version
    for path in (folder / "packs").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        for cadence, (made, figures) in EARLIER.items():
            whole = f'months = "{made}"\nperiod = "{figures}"'
            text = re.sub(rf'(?m)\A((?:(?!\[\[).*\n)*?)cadence = "{cadence}"', rf"\1{whole}", text)
        text = text.replace('cadence = "tertial"', "tertial_only = true")
        path.write_text(text, encoding="utf-8")
    assert "cadence" not in "".join(path.read_text(encoding="utf-8") for path in (folder / "packs").iterdir())
    assert load(folder).packs == {
        id: one for id, one in load(CONFIGS).packs.items() if not one.cadence.weekly
    }
