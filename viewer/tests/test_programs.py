"""The page on recorded runs of Django, SymPy and an asyncio server, as tools/record_programs.py
makes them: what a reader finds, every key, and accessibility.
"""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from conftest import TESTS, OpenPage, changes
from pack import pack

PROGRAMS = ["django", "sympy", "asyncio"]
VIEWS = ["tree", "flame", "timeline", "functions", "source"]
MakePage = Callable[[str], Path]


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory, template: str) -> MakePage:
    folder = tmp_path_factory.mktemp("programs")

    def page_of(program: str) -> Path:
        path = folder / f"{program}.html"
        if not path.exists():
            session = TESTS / "sessions" / f"{program}.spinetail"
            path.write_text(pack(session.read_bytes(), template))
        return path

    return page_of


@pytest.mark.parametrize(
    "program, function, line",
    [
        ("django", "Customer.statement", "return [(order, order.total()) for order in orders]"),
        ("sympy", "products", "antiderivative(x**3 * exp(-x) * cos(x)),"),
        ("asyncio", "occurrences", "return sum(candidate == word for candidate in text.split())"),
    ],
)
def test_one_click_leads_to_the_slow_line(
    open_page: OpenPage, page_of: MakePage, program: str, function: str, line: str
) -> None:
    page = open_page(page_of(program))
    own = page.locator(".tree .row.own", has=page.get_by_text(function, exact=True)).first
    own.locator(".place a").click()
    current = page.locator(".lines .row.current")
    expect(current).to_contain_text(line)
    expect(current.locator(".number").first).to_contain_text(" s")


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_view_shows_the_whole_time(
    open_page: OpenPage, page_of: MakePage, program: str
) -> None:
    page = open_page(page_of(program))
    whole = page.evaluate("spinetail.app.store.lens.tree.time[spinetail.app.store.lens.tree.root]")
    assert whole > 0
    expect(page.locator(".tree .row .figure").first).to_contain_text(" s")
    page.keyboard.press("2")
    flame = "spinetail.app.views.get('flame')"
    assert page.evaluate(f"{flame}.levels[0].end[0]") == whole
    assert page.evaluate(f"{flame}.chart.last.boxes") > 20
    page.keyboard.press("3")
    timeline = "spinetail.app.views.get('timeline')"
    assert page.evaluate(f"Math.max(...{timeline}.all.map((lane) => lane.end))") >= whole
    page.keyboard.press("4")
    functions = "spinetail.app.views.get('functions').functions"
    self_time = page.evaluate(f"{functions}.reduce((sum, item) => sum + item.self, 0)")
    # What is left ran in the thread itself.
    assert 0.97 * whole <= self_time <= whole * (1 + 1e-9)
    page.keyboard.press("5")
    files = "spinetail.app.views.get('source').files"
    assert page.evaluate(f"{files}.reduce((sum, item) => sum + item.self, 0)") >= self_time * 0.99


def test_a_search_in_a_large_program(open_page: OpenPage, page_of: MakePage) -> None:
    page = open_page(page_of("django"))
    page.keyboard.press("/")
    page.keyboard.type("shop/models.py")
    expect(page.locator(".found")).to_contain_text(" functions, ")
    page.keyboard.press("Enter")
    expect(page.locator(".detail-text .place")).to_contain_text("shop/models.py")
    for view in "2345":
        page.locator(f".tabs button:nth-child({view})").click()
        expect(page.locator(".detail-text .place")).to_contain_text("shop/models.py")


STATE = "spinetail.app.store.state."
SELECTED = f"String({STATE}selected)"
FOCUS = f"String({STATE}focus)"
VIEW = f"{STATE}view"
LINE = f"{STATE}line"
ROWS = "document.querySelector('.tree').getAttribute('aria-rowcount')"
DIALOG = "document.querySelector('dialog[open]')?.getAttribute('aria-label') ?? ''"
CHART = "spinetail.app.views.get(spinetail.app.store.state.view).chart"
SEEN = f"String([{CHART}.from, {CHART}.to])"
SCROLLED = f"{CHART}.element.scrollTop"
# What keys have to change, in turn.
EVERYWHERE = [
    *[("5", VIEW), ("4", VIEW), ("3", VIEW), ("2", VIEW), ("1", VIEW)],
    *[("ArrowDown", SELECTED), ("f", FOCUS), ("Backspace", FOCUS), ("f", FOCUS), ("Escape", FOCUS)],
    *[("h", f"{STATE}options.fold"), ("p", f"{STATE}inPercent"), ("l", f"{STATE}theme")],
    ("y", "document.querySelector('.toast').hidden"),
    *[("o", DIALOG), ("Escape", DIALOG), ("?", DIALOG), ("Escape", DIALOG)],
    *[("/", "document.activeElement.tagName"), ("e", f"{STATE}query")],
    *[("Enter", SELECTED), ("Shift+Enter", SELECTED), ("Escape", f"{STATE}query")],
    *[("v", VIEW), ("n", LINE), ("N", LINE)],
    *[("c", VIEW), ("ArrowDown", SELECTED), ("ArrowUp", SELECTED), ("Enter", VIEW)],
]
TREE = [
    *[("ArrowDown", SELECTED), ("End", SELECTED), ("Home", SELECTED)],
    *[("PageDown", SELECTED), ("PageUp", SELECTED), ("ArrowLeft", ROWS), ("ArrowRight", ROWS)],
    *[("Alt+ArrowLeft", ROWS), ("Alt+ArrowRight", ROWS), ("Enter", ROWS), ("Space", ROWS)],
    *[("Alt+ArrowLeft", ROWS), ("*", ROWS), ("ArrowRight", SELECTED), ("ArrowLeft", ROWS)],
    ("ArrowLeft", SELECTED),
]
ZOOMING = [
    *[("w", SEEN), ("d", SEEN), ("a", SEEN), ("s", SEEN)],
    *[("+", SEEN), ("-", SEEN), ("=", SEEN), ("0", SEEN)],
]
WALKING = [
    *[("ArrowDown", SELECTED), ("ArrowDown", SELECTED), ("ArrowDown", SELECTED)],
    *[("ArrowRight", SELECTED), ("ArrowLeft", SELECTED), ("ArrowUp", SELECTED)],
    *[("PageDown", SCROLLED), ("PageUp", SCROLLED)],
]
FLAME = [
    *[*ZOOMING, *WALKING, ("ArrowDown", SELECTED), ("Enter", FOCUS)],
    *[("i", f"{STATE}upwards"), ("ArrowUp", SELECTED), ("ArrowDown", SELECTED)],
]
TIMELINE = [*ZOOMING, *WALKING, ("w", SEEN), ("x", f"String({STATE}range)"), ("Enter", SEEN)]
WALKS = [("tree", EVERYWHERE), ("tree", TREE), ("flame", FLAME), ("timeline", TIMELINE)]


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_key_does_something(open_page: OpenPage, page_of: MakePage, program: str) -> None:
    page = open_page(page_of(program))
    # Small, so that there is something to scroll.
    page.set_viewport_size({"width": 1000, "height": 480})
    for view, steps in WALKS:
        page.keyboard.press(str(VIEWS.index(view) + 1))
        for number, (key, probe) in enumerate(steps):
            before = page.evaluate(probe)
            page.keyboard.press(key)
            assert changes(page, probe, before), f"{view} {number}: {key} leaves {probe} as it is"


@pytest.mark.parametrize("program", PROGRAMS)
def test_found_calls_are_walked_through(
    open_page: OpenPage, page_of: MakePage, program: str
) -> None:
    page = open_page(page_of(program), hash="q=e")
    page.keyboard.press("1")
    seen = []
    for key in "nnN":
        page.keyboard.press(key)
        seen.append(page.evaluate(SELECTED))
    assert seen[0] == seen[2] != seen[1]


@pytest.mark.parametrize("program", PROGRAMS)
def test_accessibility(open_page: OpenPage, page_of: MakePage, program: str) -> None:
    page = open_page(page_of(program), theme="light")
    for theme in ("light", "dark"):
        assert page.locator("html").get_attribute("data-theme") == theme
        for number in "12345":
            page.keyboard.press(number)
            page.keyboard.press("ArrowDown")
            results = Axe().run(page)
            assert results.violations_count == 0, results.generate_report()
        page.keyboard.press("l")
