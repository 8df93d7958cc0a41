"""Draw docs/picture.png for the README: a unit's first page and, where LibreOffice is installed, a slide."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

HEIGHT, GAP, PAPER = 900, 24, "#d9dee3"
"""Pixels of the picture and between its parts, and the colour behind them."""
TARGET = Path(__file__).parent.parent / "docs" / "picture.png"


def first_page(pdf: Path) -> Image.Image:
    """Return the first page of a PDF as high as the picture."""
    page = pypdfium2.PdfDocument(pdf)[0]
    drawn = page.render(scale=2 * HEIGHT / page.get_height()).to_pil().convert("RGB")
    return drawn.resize((round(drawn.width * HEIGHT / drawn.height), HEIGHT), Image.Resampling.LANCZOS)


def slide(deck: Path) -> Image.Image | None:
    """Return the first slide of a deck; None without LibreOffice."""
    office = shutil.which("soffice")
    if office is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        command = [office, "--headless", "--convert-to", "pdf", "--outdir", folder, str(deck)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return first_page(next(Path(folder).glob("*.pdf")))


def draw(packs: Path) -> None:
    """Put a unit's page and a service unit's slide beside each other. Raises SystemExit without packs."""
    report, deck = packs / "unit/lohja.fi.pdf", packs / "service_unit/lantinen.fi.pptx"
    if not report.is_file() or not deck.is_file():
        raise SystemExit(f"{packs}: no packs there; run `make demo` first")
    parts = [part for part in (first_page(report), slide(deck)) if part is not None]
    if len(parts) < 2:
        sys.stdout.write("LibreOffice is not installed: the picture has no slide\n")
    width = sum(part.width for part in parts) + GAP * (len(parts) + 1)
    whole = Image.new("RGB", (width, HEIGHT + 2 * GAP), PAPER)
    left = GAP
    for part in parts:
        whole.paste(part, (left, GAP))
        left += part.width + GAP
    whole.quantize(128).save(TARGET, optimize=True)
    sys.stdout.write(f"{TARGET.relative_to(Path.cwd())}: {TARGET.stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
