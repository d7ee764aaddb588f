"""What each view shows of the sample session, and what its keys do."""

from __future__ import annotations

from typing import List

import pytest
from playwright.sync_api import Page, expect

from conftest import OpenPage, changes

VIEWS = ["tree", "flame", "timeline", "functions", "source"]


def rows(page: Page, table: str) -> List[str]:
    """The rows of a table in their order, cells joined by spaces."""
    return page.evaluate(
        """table => [...document.querySelectorAll(`.${table} .row`)]
          .sort((a, b) => a.dataset.row - b.dataset.row)
          .map((row) => [...row.children].map((cell) => cell.textContent.trim()))
          .map((cells) => cells.filter(Boolean).join(" "))""",
        table,
    )


def state(page: Page, name: str) -> object:
    return page.evaluate("name => spinetail.app.store.state[name]", name)


def selected(page: Page) -> str:
    return str(page.evaluate("spinetail.app.store.lens.name(spinetail.app.store.lens.selected)"))


def test_the_tree_shows_the_heaviest_calls_open_and_libraries_folded(open_page: OpenPage) -> None:
    page = open_page()
    assert rows(page, "tree") == [
        "1.700 s All threads",
        "1.000 s MainThread thread 1",
        "1.000 s <module> app.py:1",
        "0.980 s 0.050 s main app.py:3",
        "0.600 s handle web/handler.py:1",
        "2 frames hidden  web",
        "0.600 s call web/handler.py:1",
        "0.600 s 0.400 s view app.py:10",
        "0.400 s [self]",
        "0.200 s dumps json/__init__.py:1",
        "3 frames hidden  json",
        "0.250 s Cart.total app.py:20",
        "0.250 s 0.250 s Cart.total app.py:20",
        "0.080 s 0.080 s work app.py:26",
        "0.050 s [self]",
        "0.020 s 0.020 s helper app.py:30",
        "0.700 s worker-1 thread 2",
        "0.700 s 0.200 s run app.py:34",
        "0.500 s 0.400 s pump app.py:36",
        "0.400 s [self]",
        "0.100 s 0.100 s epoll.poll <built-in>",
        "0.200 s [await]",
    ]


def test_a_fold_opens_and_closes(open_page: OpenPage) -> None:
    page = open_page()
    fold = page.locator(".tree .row.fold").first
    expect(fold).to_contain_text("2 frames hidden")
    expect(fold).to_have_attribute("aria-expanded", "false")
    fold.click()
    expect(page.locator(".tree .row.fold").first).to_contain_text("Fold 2 frames")
    assert any("dispatch" in row for row in rows(page, "tree"))
    page.keyboard.press("ArrowLeft")
    assert not any("dispatch" in row for row in rows(page, "tree"))


def test_keys_walk_through_the_tree(open_page: OpenPage) -> None:
    page = open_page()
    page.locator(".tree").focus()
    page.keyboard.press("Home")
    assert selected(page) == "All threads"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert selected(page) == "<module>"
    before = len(rows(page, "tree"))
    page.keyboard.press("ArrowLeft")
    assert len(rows(page, "tree")) < before
    expect(page.locator(".tree .row.current")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("*")
    assert len(rows(page, "tree")) >= before
    page.keyboard.press("Alt+ArrowLeft")
    page.keyboard.press("Enter")
    rows_after = rows(page, "tree")
    at = next(i for i, row in enumerate(rows_after) if "<module>" in row)
    assert "main" in rows_after[at + 1]
    assert "MainThread" in rows(page, "tree")[1]
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    active = page.locator(".tree").get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"


def test_a_double_click_opens_and_a_click_selects(open_page: OpenPage) -> None:
    page = open_page()
    row = page.locator(".tree .row", has_text="main").filter(has_text="app.py:3").first
    row.click(position={"x": 400, "y": 10})
    assert selected(page) == "main"
    expect(page.locator(".detail-text")).to_contain_text("980 ms total (57.6 %)")
    count = len(rows(page, "tree"))
    row.dblclick(position={"x": 400, "y": 10})
    assert len(rows(page, "tree")) < count


def test_a_search_marks_counts_and_walks(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("/")
    page.keyboard.type("total")
    expect(page.locator(".found")).to_have_text("1 function, 2 calls · 14.7 % · 250 ms")
    assert page.locator(".tree .row.match").count() >= 1
    page.keyboard.press("Enter")
    assert selected(page) == "Cart.total"
    expect(page.locator(".found")).to_contain_text("call 1 of 2")
    first = state(page, "selected")
    page.keyboard.press("Enter")
    assert state(page, "selected") != first
    page.keyboard.press("Shift+Enter")
    assert state(page, "selected") == first
    page.keyboard.press("Escape")
    assert state(page, "query") == ""
    page.keyboard.press("/")
    page.keyboard.type("/(/")
    expect(page.locator(".found")).to_have_text("no such pattern")


def test_focus_narrows_and_breadcrumbs_lead_back(open_page: OpenPage) -> None:
    page = open_page()
    page.locator(".tree .row", has_text="Cart.total").first.click()
    page.keyboard.press("f")
    assert rows(page, "tree")[0].startswith("0.250 s")
    crumbs = page.locator(".crumbs .crumb")
    assert crumbs.all_text_contents() == [
        "All",
        "MainThread",
        "app.py <module>",
        "main",
        "Cart.total",
    ]
    page.keyboard.press("Backspace")
    assert "main" in rows(page, "tree")[0]
    page.go_back()
    assert "Cart.total" in rows(page, "tree")[0]
    crumbs.first.click()
    assert "All threads" in rows(page, "tree")[0]
    expect(page.locator(".crumbs")).to_be_hidden()


def test_a_link_leads_to_what_was_seen(open_page: OpenPage) -> None:
    page = open_page()
    page.locator(".tree .row", has_text="Cart.total").first.click()
    page.keyboard.press("f")
    page.keyboard.press("2")
    hash = page.evaluate("location.hash")
    again = open_page(hash=hash.lstrip("#"))
    assert state(again, "view") == "flame"
    assert state(again, "focus") == state(page, "focus")
    expect(again.locator(".crumbs")).to_contain_text("Cart.total")


def test_the_flame_graph_is_walked_by_keys(open_page: OpenPage) -> None:
    page = open_page(hash="view=flame")
    page.locator(".chart-canvas").focus()
    page.keyboard.press("ArrowDown")
    assert selected(page) == "All threads"
    for name in ["MainThread", "<module>", "main", "handle"]:
        page.keyboard.press("ArrowDown")
        assert selected(page) == name
    page.keyboard.press("ArrowRight")
    assert selected(page) == "Cart.total"
    expect(page.locator(".detail-text")).to_contain_text("Cart.total")
    page.keyboard.press("Enter")
    expect(page.locator(".crumbs")).to_contain_text("Cart.total")
    chart = "spinetail.app.views.get('flame').chart"
    width = page.evaluate(f"{chart}.to - {chart}.from")
    assert width == 250_000
    page.keyboard.press("s")
    assert page.evaluate(f"{chart}.to - {chart}.from") > width
    page.keyboard.press("0")
    assert page.evaluate(f"{chart}.to - {chart}.from") == 1_700_000
    page.keyboard.press("i")
    assert state(page, "upwards") is True
    page.keyboard.press("ArrowUp")
    assert selected(page) == "Cart.total"


def test_the_pointer_selects_describes_and_zooms(open_page: OpenPage) -> None:
    page = open_page(hash="view=flame")
    box = page.locator(".chart-canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.2, box["y"] + 3 * 19 + 9
    page.mouse.move(x, y)
    expect(page.locator(".tip")).to_contain_text("main")
    expect(page.locator(".tip")).to_contain_text("total 980 ms")
    page.mouse.click(x, y)
    assert selected(page) == "main"
    page.mouse.dblclick(x, y + 19)
    expect(page.locator(".crumbs")).to_contain_text("handle")
    chart = "spinetail.app.views.get('flame').chart"
    before = page.evaluate(f"{chart}.from")
    page.mouse.move(x + 200, y)
    page.mouse.down()
    page.mouse.move(x, y, steps=4)
    page.mouse.up()
    assert page.evaluate(f"{chart}.from") > before
    page.keyboard.down("Control")
    page.mouse.wheel(0, 300)
    page.keyboard.up("Control")
    assert changes(page, f"{chart}.to - {chart}.from > 600001", False)


def test_a_span_of_the_timeline_filters_all_views(open_page: OpenPage) -> None:
    page = open_page(hash="view=timeline")
    axis = page.locator(".overview-axis").bounding_box()
    assert axis is not None
    y = axis["y"] + 8
    page.mouse.move(axis["x"] + axis["width"] * 0.62, y)
    page.mouse.down()
    page.mouse.move(axis["x"] + axis["width"] * 0.87, y, steps=5)
    page.mouse.up()
    expect(page.locator(".chip")).to_contain_text("From 620 ms to 870 ms")
    page.keyboard.press("1")
    tree = rows(page, "tree")
    assert any("Cart.total" in row for row in tree)
    assert not any("handle" in row for row in tree)
    page.locator(".chip button").click()
    assert any("handle" in row for row in rows(page, "tree"))


def test_the_timeline_is_walked_and_zoomed(open_page: OpenPage) -> None:
    page = open_page(hash="view=timeline")
    chart = "spinetail.app.views.get('timeline').chart"
    page.locator(".chart-canvas").focus()
    for name in ["<module>", "helper"]:
        page.keyboard.press("ArrowDown")
        assert selected(page) == name
    page.keyboard.press("ArrowRight")
    assert selected(page) == "main"
    page.keyboard.press("ArrowDown")
    assert selected(page) == "handle"
    page.keyboard.press("Enter")
    # 600 ms of it, and a little on both sides, in microseconds.
    assert page.evaluate(f"[{chart}.from, {chart}.to]") == [8_000, 632_000]
    page.keyboard.press("w")
    assert page.evaluate(f"{chart}.to - {chart}.from") == pytest.approx(624_000 / 1.4)
    page.keyboard.press("x")
    expect(page.locator(".chip")).to_contain_text("From")
    assert changes(page, "location.hash.includes('window=')", False)
    page.keyboard.press("0")
    assert state(page, "window") is None


def test_functions_are_sorted_and_show_their_neighbours(open_page: OpenPage) -> None:
    page = open_page(hash="view=functions")
    table = rows(page, "functions")
    assert table[0] == "0.400 s 0.600 s view app.py:10" or table[0].startswith("0.400 s")
    page.locator(".functions .sort", has_text="Total").click()
    assert "<module>" in rows(page, "functions")[0]
    expect(page.locator("[aria-sort=descending]")).to_have_text("Total")
    page.locator(".functions .sort", has_text="Function").click()
    assert "<module>" in rows(page, "functions")[0]
    page.locator(".functions .row", has_text="view").click()
    beside = page.locator(".beside")
    expect(beside).to_contain_text("Called by (1)")
    expect(beside).to_contain_text("dumps")
    beside.locator("button", has_text="dumps").click()
    assert selected(page) == "dumps"
    expect(page.locator(".functions .row.current")).to_contain_text("dumps")


def test_a_slow_line_is_one_click_away(open_page: OpenPage) -> None:
    page = open_page()
    row = page.locator(".tree .row", has_text="view").filter(has_text="app.py:10")
    row.locator(".place a").click()
    assert selected(page) == "view"
    expect(page.locator(".lines .row.current")).to_contain_text("0.400 s")
    expect(page.locator(".lines .row.current .line-number")).to_have_text("12")


def test_source_lines_have_their_times(open_page: OpenPage) -> None:
    page = open_page()
    page.locator(".tree .row", has_text="Cart.total").last.click()
    page.keyboard.press("v")
    expect(page.locator(".source-title")).to_contain_text("/srv/shop/app.py")
    line = page.locator(".lines .row.current")
    expect(line).to_contain_text("0.250 s")
    shown = rows(page, "lines")
    assert "0.980 s 0.050 s 5 serve()" in shown
    assert any(row.startswith("0.400 s 0.400 s 12 ") for row in shown)
    page.locator(".files .row", has_text="handler.py").click()
    expect(page.locator(".source-title")).to_contain_text("no source for this file")
    assert len(rows(page, "lines")) == 1


def test_threads_and_clocks_are_chosen(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("t")
    page.keyboard.press("t")
    expect(page.locator(".chip")).to_contain_text("worker-1")
    assert "worker-1" in rows(page, "tree")[0]
    page.keyboard.press("t")
    expect(page.locator(".crumbs")).to_be_hidden()
    page.locator("select[aria-label=Thread]").select_option("worker-1")
    page.get_by_label("Clock").select_option("CPU time")
    assert rows(page, "tree")[0].startswith("500.00 ms")
    expect(page.locator(".crumbs")).to_contain_text("Time on a CPU only")


def test_options_change_what_is_shown(open_page: OpenPage) -> None:
    page = open_page()
    assert not any("find" in row or "secret" in row for row in rows(page, "tree"))
    page.keyboard.press("o")
    panel = page.locator("dialog[open]")
    panel.get_by_label("Leave out the import machinery").uncheck()
    panel.get_by_label("Leave out functions with a __tracebackhide__").uncheck()
    panel.get_by_label("Times").select_option("in percent")
    panel.get_by_label("Fold", exact=True).select_option("nothing")
    panel.get_by_label("Leave out less than").select_option("5 %")
    panel.get_by_role("button", name="Done").click()
    tree = rows(page, "tree")
    assert tree[0].startswith("100.0 %")
    assert any("dispatch" in row for row in tree)
    assert not any("hidden" in row for row in tree)
    assert not any("find" in row for row in tree)
    # Kept for the next report.
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert rows(page, "tree")[0].startswith("100.0 %")
    page.keyboard.press("o")
    page.locator("dialog[open]").get_by_label("Fold", exact=True).select_option("files that I name")
    page.locator("dialog[open]").get_by_label("Fold files").fill("*/json/*")
    page.locator("dialog[open]").get_by_label("Fold files").press("Tab")
    page.keyboard.press("Escape")
    assert any("hidden" in row and "json" in row for row in rows(page, "tree"))
    page.keyboard.press("h")
    page.keyboard.press("h")
    page.keyboard.press("p")
    assert rows(page, "tree")[0].startswith("1.700 s")


def test_tabs_are_moved_through_by_arrows(open_page: OpenPage) -> None:
    page = open_page()
    page.locator("#tab-tree").focus()
    page.keyboard.press("ArrowRight")
    assert state(page, "view") == "flame"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert state(page, "view") == "source"


@pytest.mark.parametrize("number", range(1, 6))
def test_digits_open_views(open_page: OpenPage, number: int) -> None:
    page = open_page()
    page.keyboard.press(str(number))
    assert state(page, "view") == VIEWS[number - 1]
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_selection_is_shared_by_all_views(open_page: OpenPage) -> None:
    page = open_page()
    page.locator(".tree .row", has_text="Cart.total").first.click()
    for number in "2345":
        page.keyboard.press(number)
        expect(page.locator(".detail-text")).to_contain_text("Cart.total")
    page.keyboard.press("4")
    expect(page.locator(".functions .row.current")).to_contain_text("Cart.total")
    page.keyboard.press("1")
    expect(page.locator(".tree .row.current")).to_contain_text("Cart.total")
