"""How Sphinx makes the documentation a site: `make docs` builds docs/ into build/site/, warnings as errors.

Pages are plain Markdown that reads as well where the repository is; their order is that of navigation.py. A
page that has no place in it, a link and a heading that are not there fail the build.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))
from navigation import PARTS

project = "opti_reports"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "opti_reports"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
smartquotes = False
highlight_language = "none"
html_use_index = False
# Headings that a link may name; those of pages are their words in small letters with dashes.
myst_heading_anchors = 4


def _places(_: Sphinx, name: str, source: list[str]) -> None:
    """Give the first page, and that of the decisions, the pages below it in their order."""
    if name == "index":
        source[0] += "".join(_listed(pages, f":caption: {part}") for part, pages in PARTS.items())
    if name == "adr/README":
        source[0] += _listed(["0*"], ":glob:")


def _listed(pages: list[str], option: str) -> str:
    return "\n\n```{toctree}\n:hidden:\n" + "\n".join([option, "", *pages]) + "\n```\n"


def setup(app: Sphinx) -> None:
    """Put the navigation into the pages, and let code in languages without a lexer stand as it is."""
    app.connect("source-read", _places)
    app.add_lexer("dax", TextLexer)
