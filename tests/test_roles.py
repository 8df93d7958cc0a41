"""A role is told from a person's name, in extracts as in imports and in any case of letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from opti_reports.config.load import load
from opti_reports.workspace import init
from tests.pipeline import ROOT

ROLES = load(ROOT / "configs").roles


@pytest.mark.parametrize(
    "text",
    [
        "Erkki Esimerkki",
        "erkki esimerkki",
        "ERKKI ESIMERKKI",
        "Esimerkki",
        "esimerkki",
        "E. Esimerkki",
        "ylilääkäri Esimerkki",
        "ylilääkäri esimerkki",
        "YLILÄÄKÄRI ESIMERKKI",
        "Esimerkki Erkki (osastonhoitaja)",
        "osastonhoitaja / Erkki",
        "överläkare exempel",
        "head nurse example",
    ],
)
def test_a_name_is_no_role(text: str) -> None:
    assert ROLES.name_like(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "JYL",
        "Laatukoordinaattori",
        "laatukoordinaattori",
        "osastonhoitaja",
        "OSASTONHOITAJA",
        "johtava ylilääkäri",
        "apulaisosastonhoitaja ja osastonhoitaja",
        "Osastonhoitaja, Lohja",
        "palveluyksikön johtaja",
        "johtoryhmä",
        "HR-controller",
        "avdelningsskötare",
        "ledande överläkare",
        "Client experience specialist",
        "head of nursing services",
        "Talouden controller",
    ],
)
def test_a_role_is_a_role(text: str) -> None:
    assert not ROLES.name_like(text)


def test_the_roles_of_other_configs_are_known(tmp_path: Path) -> None:
    configs = load(init(tmp_path / "line", "aikuissosiaalipalvelut").configs)
    owners = [role for source in configs.sources.values() for role in source.owner_role.values()]
    assert not [role for role in owners if configs.roles.name_like(role)]
