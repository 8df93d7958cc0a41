"""One small demo for all tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from opti_reports.demo import generate
from tests.demo.reading import LAST, ORGANISATION
from tests.workspaces import once


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three years at scale 0.02."""

    def make(root: Path) -> None:
        generate(root, LAST, organisation_file=ORGANISATION, scale=0.02, approved=("pairs",))

    return once(tmp_path_factory, "demo", make)
