"""The page that residents read, in a real browser and from a plain web server: WCAG 2.2, level AA."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from opti_reports.model.report import ListRow
from opti_reports.packs.build import build
from opti_reports.render.html import render_web
from tests.packs import fixture
from tests.packs.world import spec, words
from tests.web.making import LOOK
from tests.web.test_browser import CHROMIUM, CONTRASTS, FLAGS

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: scripts/setup_system.sh browser installs it"),
]

SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important }
* { word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }"""
"""WCAG 1.4.12: what a reader may set without losing anything."""
LONG = "Lääkehoidonkaksoistarkastuskäytäntö otetaan käyttöön avosairaanhoidon vastaanottotoiminnassa"
ROWS = [
    {"metric": metric, "name": words(f"{name} kiireettömän sairaanhoidon vastaanottotoiminnassa")}
    for metric, name in (("guarantee_pct", "Hoitoon"), ("access_pct", "Puhelu"), ("closed_pct", "Palaute"))
]
BLOCKS = (
    {"kind": "figures", "row": ROWS, "title": words("Hoitoon pääsy")},
    {"kind": "counts", "metric": "calls_n", "keys": ["nature"]},
    {"kind": "done", "list": "toimet"},
    {"kind": "figures", "row": ROWS, "of": "units", "title": words("Asemittain")},
    {"kind": "trends", "metrics": ["access_pct"]},
    {"kind": "text", "text": words("Huomaa: laissa sana tarkoittaa muuta.")},
)


def rows() -> tuple[ListRow, ...]:
    given = {"id": "T1", "about": "palaute", "metric_id": "", "opened_at": "2026-02-01", "started_at": ""}
    done = {"title": LONG, "done_at": "2026-08-02", "title_sv": "Läkemedel kontrolleras av två personer"}
    return ListRow("ranta", given | done), ListRow("ranta", given | {"title": "Varahenkilö", "done_at": ""})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page in two languages with the file it links to, as they lie in a month's folder."""
    folder = tmp_path_factory.mktemp("sivusto å") / "sivu"
    folder.mkdir()
    made = fixture.material(lists={"toimet": rows()})
    for language in ("fi", "sv"):
        pack = build(made, spec("sivu", "alue", *BLOCKS, web=True, languages=["fi", "sv"]), "alue", language)
        (folder / f"alue.{language}.html").write_bytes(render_web(pack, LOOK))
        (folder / f"alue.{language}.pdf").write_bytes(b"%PDF-1.7")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    # Only these tests need it, and only where there is a browser.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


def opened(browser: Any, site: Path, width: int = 1280, language: str = "fi", **more: Any) -> Iterator[Any]:
    """A tab with the page; fails where it asks for anything or complains."""
    tab = browser.new_page(viewport={"width": width, "height": 800}, **more)
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    file = site / f"alue.{language}.html"
    tab.goto(file.as_uri())
    yield tab
    tab.close()
    assert {url.partition("#")[0] for url in asked} == {file.as_uri()}
    assert said == []


def heard(tab: Any) -> list[tuple[str, str]]:
    """Role and name of everything a screen reader meets."""
    nodes = tab.context.new_cdp_session(tab).send("Accessibility.getFullAXTree")["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"]
    ]


def test_it_is_small_and_has_no_script(site: Path) -> None:
    for page in site.glob("*.html"):
        content = page.read_bytes()
        assert len(content) < 300_000
        assert b"<script" not in content
        assert b"http" not in content.replace(b"http-equiv", b"").replace(b"http://www.w3.org/", b"")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_it_reflows_without_a_second_direction_of_scrolling(browser: Any, site: Path, width: int) -> None:
    for language in ("fi", "sv"):
        for tab in opened(browser, site, width, language):
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            for box in (one.bounding_box() for one in tab.locator("td, tbody th, p, li, svg").all()):
                assert box is None or box["x"] + box["width"] <= width + 1


@pytest.mark.parametrize("width", [320, 1280])
def test_a_reader_s_own_spacing_loses_nothing(browser: Any, site: Path, width: int) -> None:
    cut = """() => [...document.querySelectorAll('td, tbody th, p, li, h1, h2, h3, caption')]
        .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"""
    for tab in opened(browser, site, width, bypass_csp=True):
        tab.add_style_tag(content=SPACING)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.evaluate(cut) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_every_word_can_be_read_and_every_link_be_hit(browser: Any, site: Path, width: int) -> None:
    for tab in opened(browser, site, width):
        assert tab.evaluate(CONTRASTS) == []
        boxes = [link.bounding_box() for link in tab.locator("nav a").all()]
        assert len(boxes) == 2
        assert all(box["height"] >= 24 and box["width"] >= 24 for box in boxes)


def test_headings_lead_through_it_in_order(browser: Any, site: Path) -> None:
    for tab in opened(browser, site):
        levels = tab.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(e => +e.tagName[1])")
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert tab.title().startswith("Raportti, ")
        ids = tab.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("width", [360, 1280])
def test_a_screen_reader_meets_landmarks_and_tables_on_a_phone_too(
    browser: Any, site: Path, width: int
) -> None:
    for tab in opened(browser, site, width):
        found = heard(tab)
        roles = [role for role, _ in found]
        assert {"banner", "main", "navigation", "region"} <= set(roles)
        tables = tab.locator("table").count()
        assert roles.count("table") == tables == tab.locator("caption").count() >= 3
        assert [name for role, name in found if role == "table" and not name.strip()] == []
        assert roles.count("columnheader") == tab.locator("thead th[scope=col]").count()
        assert roles.count("rowheader") == tab.locator("tbody th[scope=row]").count()
        assert roles.count("cell") == tab.locator("td").count()
        assert [name for role, name in found if role in ("link", "image") and not name.strip()] == []


def test_words_of_another_language_say_so(browser: Any, site: Path) -> None:
    for tab in opened(browser, site, language="sv"):
        assert tab.evaluate("document.documentElement.lang") == "sv"
        assert tab.locator("[lang=fi]").all_inner_texts() == ["Suomi", "Varahenkilö"]


def test_the_keyboard_skips_to_the_content_and_is_always_seen(browser: Any, site: Path) -> None:
    for tab in opened(browser, site):
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.className") == "skip"
        assert tab.locator(".skip").bounding_box()["y"] >= 0
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.activeElement.id") == "content"
        for link in tab.locator("nav a").all():
            link.focus()
            tab.keyboard.press("Shift+Tab")
            tab.keyboard.press("Tab")
            assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_it_needs_no_script_and_prints(browser: Any, site: Path) -> None:
    for tab in opened(browser, site, java_script_enabled=False):
        assert tab.locator("h2").first.is_visible()
        assert tab.locator("tbody tr").first.is_visible()
        tab.emulate_media(media="print")
        assert not tab.locator("nav").is_visible()
        assert tab.pdf().startswith(b"%PDF")


def test_a_plain_web_server_is_enough(browser: Any, site: Path) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=str(site.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tab = browser.new_page()
        home = f"http://127.0.0.1:{server.server_port}/sivu"
        tab.goto(f"{home}/alue.fi.html")
        assert tab.request.get(f"{home}/{tab.locator('nav a').last.get_attribute('href')}").ok
        tab.get_by_role("link", name="Svenska").click()
        assert tab.url == f"{home}/alue.sv.html"
        tab.get_by_role("link", name="Suomi").click()
        assert tab.url == f"{home}/alue.fi.html"
        tab.close()
        server.shutdown()
