"""The page in a real browser: from a file, by keyboard, narrow, magnified, printed, as it is heard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from opti_reports.config.load import load
from opti_reports.packs.handbook import handbook
from opti_reports.render.handbook import render_handbook_html
from opti_reports.render.page import render_page
from tests.web.making import LOOK, ROOT, content

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: scripts/setup_system.sh browser installs it"),
]

CONTRASTS = """() => {
  const parse = text => {
    const n = text.match(/[\\d.]+/g).map(Number);
    const unit = text.startsWith('color(') ? 255 : 1;
    return [n[0] * unit, n[1] * unit, n[2] * unit, n.length > 3 ? n[3] : 1];
  };
  const light = c => {
    const [r, g, b] = c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) return colour;
    }
    return [255, 255, 255, 1];
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || element.closest('[aria-hidden], .hide, svg')) continue;
    if (!element.checkVisibility()) continue;
    const ink = parse(getComputedStyle(element).color).slice(0, 3);
    const [a, b] = [light(ink), light(ground(element).slice(0, 3))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push([walk.currentNode.data.trim(), ratio.toFixed(2)]);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for all tests."""
    # Only these tests need it, and only where there is a browser.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as a file in a folder whose name needs care."""
    path = tmp_path_factory.mktemp("jaettu levy å") / "index.html"
    path.write_bytes(render_page(content(), LOOK))
    return path


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Any]:
    """The page opened on a desktop; fails if it asks for anything or complains."""
    yield from opened(browser, file, {"width": 1400, "height": 1000})


def opened(browser: Any, file: Path, size: dict[str, int], **more: Any) -> Iterator[Any]:
    """A tab with the page, watched."""
    tab = browser.new_page(viewport=size, **more)
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(file.as_uri())
    yield tab
    tab.close()
    assert {url.partition("#")[0] for url in asked} == {file.as_uri()}
    assert said == []


def shown(page: Any, selector: str) -> int:
    """How many elements can be seen."""
    found: int = page.locator(selector).locator("visible=true").count()
    return found


def test_it_opens_from_a_file_and_asks_for_nothing(page: Any) -> None:
    assert page.title() == "Kuukauden tilanne, Alue fi alue, elokuu 2026"
    assert page.evaluate("getComputedStyle(document.querySelector('h2')).color") == "rgb(10, 74, 117)"


def test_a_figure_leads_to_its_row_by_keyboard_and_back(page: Any) -> None:
    page.locator("#c-access_pct--ranta").focus()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    row = page.locator("#access_pct--ranta")
    assert outline == "solid"
    assert page.evaluate("document.activeElement.id") == "access_pct--ranta"
    assert row.locator("svg").is_visible()
    assert row.bounding_box()["y"] > 0
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "c-access_pct--ranta"


def test_the_first_stop_of_the_keyboard_skips_to_the_content(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_filters_narrow_everything_by_arrow_keys(page: Any) -> None:
    columns = shown(page, ".matrix th.unit")
    rows = shown(page, ".deviations tbody tr")
    page.locator("#g-all").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") == "g-etela"
    assert shown(page, ".matrix th.unit") < columns
    assert shown(page, ".matrix .g-pohjoinen") == shown(page, ".packs .g-pohjoinen") == 0
    assert shown(page, ".meeting.g-pohjoinen") == shown(page, ".details .g-pohjoinen") == 0
    assert shown(page, ".meeting") == 2, "the whole's stays"
    assert 0 < shown(page, ".deviations tbody tr") < rows
    assert shown(page, ".deviations .g-pohjoinen") == 0
    page.locator("#a-voimavarat").check()
    assert shown(page, ".matrix tbody.a-asiakkaat") == shown(page, ".details tbody.a-asiakkaat") == 0
    assert shown(page, ".matrix tbody.a-voimavarat") == 1
    page.locator("#g-all").check()
    page.locator("#a-all").check()
    assert shown(page, ".matrix th.unit") == columns


def test_later_deviations_show_when_asked_for(browser: Any, tmp_path: Path) -> None:
    # Few are shown at once here, so that some are left.

    path = tmp_path / "index.html"
    path.write_bytes(render_page(replace(content(), shown=4), LOOK))
    for tab in opened(browser, path, {"width": 1400, "height": 1000}):
        assert shown(tab, ".deviations tbody tr") == 4
        tab.locator("#more").check()
        assert shown(tab, ".deviations tbody tr") == 15
        tab.locator("#more").uncheck()
        tab.locator("#g-pohjoinen").check()
        assert shown(tab, ".deviations .g-pohjoinen") == 3


@pytest.mark.parametrize(("size", "scale"), [((360, 780), 1), ((700, 500), 2)], ids=["narrow", "200 %"])
def test_it_fits_a_narrow_and_a_magnified_window(browser: Any, file: Path, size: Any, scale: int) -> None:
    window = {"width": size[0], "height": size[1]}
    for tab in opened(browser, file, window, device_scale_factor=scale):
        tab.goto(f"{file.as_uri()}#access_pct--ranta")
        assert tab.evaluate("document.documentElement.scrollWidth") <= size[0]
        for seen in ("#access_pct--ranta svg", ".cards li >> nth=0", ".brief li >> nth=0"):
            box = tab.locator(seen).bounding_box()
            assert box["x"] >= 0, seen
            assert box["x"] + box["width"] <= size[0], seen


def test_every_word_can_be_read_on_its_ground(page: Any) -> None:
    assert page.evaluate(CONTRASTS) == []


def test_it_is_heard_as_landmarks_tables_and_named_things(page: Any) -> None:
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    heard = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tree
        if not node.get("ignored")
    ]
    roles = {role for role, _ in heard}
    assert {"main", "banner", "navigation", "region", "table", "rowheader"} <= roles
    assert {"columnheader", "radio", "image", "list"} <= roles
    named = ("link", "radio", "checkbox", "region", "navigation", "image", "table", "heading")
    assert [pair for pair in heard if pair[0] in named and not pair[1].strip()] == []
    figures = [" ".join(name.split()).replace(" ,", ",") for role, name in heard if role == "link"]
    assert "82,0 %, tavoitteessa. Tulos on selvästi heikentynyt (luku laskenut)." in figures


@pytest.mark.parametrize("width", [400, 1400])
def test_the_handbook_opens_fits_and_can_be_read(browser: Any, tmp_path: Path, width: int) -> None:
    path = tmp_path / "handbook.sv.html"
    path.write_bytes(render_handbook_html(handbook(load(ROOT / "configs"), "sv"), LOOK))
    for tab in opened(browser, path, {"width": width, "height": 900}):
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert tab.evaluate(CONTRASTS) == []
        tab.locator(".toc").get_by_role("link", name="Återuppringning inom 24 timmar", exact=True).click()
        assert tab.locator("#callback_24h_pct h3").is_visible()


def test_it_prints_without_what_only_a_screen_can_use(page: Any) -> None:
    page.emulate_media(media="print")
    assert shown(page, "nav, .filters, #details") == 0
    assert shown(page, ".matrix") == 1
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
