"""What a document breaks is told again where the document is taken from the store."""

from __future__ import annotations

from pathlib import Path

from opti_reports.messages.message import message
from opti_reports.stages import documents


def test_a_document_from_the_store_tells_what_it_breaks(tmp_path: Path) -> None:
    said = message("rule.long", pack="unit/ranta.fi", count=6, most=5, block="Henkilöstökokouksen sivu")
    made = documents.Judged(b"%PDF", (said,))
    documents._keep(tmp_path, "0" * 32, 679, made)
    assert documents._kept(tmp_path, "0" * 32) == made
    (tmp_path / ("0" * 32) / documents.FILE).write_bytes(b"%PDX")
    assert documents._kept(tmp_path, "0" * 32) is None
