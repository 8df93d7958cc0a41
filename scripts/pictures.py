"""Draw docs/pictures/ from the demo: a page, a slide and web pages as whoever reads them sees them.

`make pictures` makes a small demo of its own, runs its month and a week, and draws what has changed. Given a
folder, the script takes the runs of that workspace; with --check it draws nothing, and ends with 1 where a
picture shows what the demo no longer says or looks like. A picture says in a text of its own ("shows") which.
Needs LibreOffice for the slide and Chromium for web pages: scripts/setup_system.sh browser installs that.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps, PngImagePlugin

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
MONTH, WEEK, SCALE = "2026-08", "2026-W35", "0.05"
SHADES, EDGE = 64, "#b8c0c8"
"""Colours of a picture: few, so that it stays small. And that of the line around it, as pages are white."""


def page(pdf: Path, width: int) -> Image.Image:
    """Return the first page of a PDF, so many pixels wide."""
    first = pypdfium2.PdfDocument(pdf)[0]
    drawn = first.render(scale=2 * width / first.get_width()).to_pil().convert("RGB")
    return drawn.resize((width, round(drawn.height * width / drawn.width)), Image.Resampling.LANCZOS)


def slide(deck: Path, width: int) -> Image.Image:
    """Return the first slide of a deck, as LibreOffice shows it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [tool("soffice"), "--headless", "--convert-to", "pdf", "--outdir", folder, str(deck)]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        return page(next(Path(folder).glob("*.pdf")), width)


def screen(file: Path, width: int) -> Image.Image:
    """Return the first screen of a web page."""
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "shot.png"
        size = f"--window-size={width},{width * 5 // 4}"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", size]
        command = [tool("chromium"), *flags, f"--screenshot={shot}", file.resolve().as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        return Image.open(shot).convert("RGB")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture: the file it shows, how that is drawn, and the templates that make up its look."""

    shown: str
    drawn: Callable[[Path, int], Image.Image]
    look: str
    width: int = 900


ALL = {
    "unit": Picture(shown=f"{MONTH}/packs/unit/lohja.fi.pdf", drawn=page, look="pdf/[bp]*"),
    "slide": Picture(shown=f"{MONTH}/packs/service_unit/lantinen.fi.pptx", drawn=slide, look="pptx/*"),
    "week": Picture(shown=f"{WEEK}/packs/week/lohja.fi.pdf", drawn=page, look="pdf/[bp]*"),
    "month": Picture(shown=f"{MONTH}/index.html", drawn=screen, look="html/pa[gr]*"),
    "public": Picture(
        shown=f"{MONTH}/packs/public/avosairaanhoito.fi.html", drawn=screen, look="html/pack*", width=700
    ),
}


def shows(picture: Picture, output: Path) -> str:
    """Return what a picture would show: its file, and a hash of what that says and how it is set."""
    file = output / picture.shown
    content = file.with_suffix(".json")
    templates = sorted((ROOT / "templates").glob(picture.look))
    parts = [content if content.is_file() else file, ROOT / "configs/brand.toml", *templates]
    said = hashlib.sha256(b"".join(part.read_bytes() for part in parts if part.is_file()))
    return f"{picture.shown} {said.hexdigest()[:12]}"


def kept(name: str) -> str:
    """Return what the picture in docs/pictures/ shows; empty where there is none."""
    file = PICTURES / f"{name}.png"
    if not file.is_file():
        return ""
    with Image.open(file) as opened:
        return str(opened.info.get("shows", ""))


def draw(name: str, picture: Picture, output: Path) -> None:
    """Write a picture, with what it shows."""
    note = PngImagePlugin.PngInfo()
    note.add_text("shows", shows(picture, output))
    file = PICTURES / f"{name}.png"
    PICTURES.mkdir(exist_ok=True)
    drawn = ImageOps.expand(picture.drawn(output / picture.shown, picture.width), 1, EDGE)
    drawn.quantize(SHADES).save(file, optimize=True, pnginfo=note)
    sys.stdout.write(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB\n")


def demo(folder: Path) -> Path:
    """Make the demo that the pictures are of, its month and a week, and return the workspace."""
    workspace = folder / "county"
    for command in (
        f"init {workspace}",
        f"demo --scale {SCALE} --last-month {MONTH} --workspace {workspace}",
        f"run --month {MONTH} --workspace {workspace}",
        f"run --week {WEEK} --workspace {workspace}",
    ):
        subprocess.run([sys.executable, "-m", "opti_reports.cli", *command.split()], check=True, cwd=ROOT)
    return workspace


def tool(name: str) -> str:
    """Return where a program stands. Raises SystemExit without it."""
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is not installed, and the pictures need it; see scripts/setup_system.sh")
    return found


def main() -> None:
    """Draw what has changed, or tell what would."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", nargs="?", type=Path, help="a workspace with the demo's runs")
    parser.add_argument("--check", action="store_true", help="only tell which pictures are old")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        output = (asked.workspace or demo(Path(folder))) / "output"
        old = [name for name, picture in ALL.items() if kept(name) != shows(picture, output)]
        for name in old:
            if asked.check:
                sys.stdout.write(f"docs/pictures/{name}.png is old: draw it with `make pictures`\n")
            else:
                draw(name, ALL[name], output)
    if not old:
        sys.stdout.write("Every picture shows what the demo says\n")
    raise SystemExit(asked.check and bool(old))


if __name__ == "__main__":
    main()
