"""The two documents of the fullest fixture, rendered once for all tests that look into them."""

from __future__ import annotations

import pytest

from opti_reports.render.pdf import render_pdf
from opti_reports.render.pptx import render_pptx
from tests.render import fixture


@pytest.fixture(scope="session")
def pdf() -> bytes:
    return render_pdf(fixture.every_block(), fixture.look())


@pytest.fixture(scope="session")
def deck() -> bytes:
    return render_pptx(fixture.every_block(), fixture.look())
