"""What a reader sees where there is much, little or nothing to show."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest
from playwright.sync_api import Locator, expect

from conftest import OpenPage
from pack import pack
from sample import MAIN, session_file
from session_file import SessionFile

VIEWS = ["tree", "flame", "timeline", "functions", "source"]
MakePage = Callable[[SessionFile], Path]


@pytest.fixture
def make_page(tmp_path: Path, template: str) -> MakePage:
    def make_page(file: SessionFile) -> Path:
        path = tmp_path / "page.html"
        path.write_text(pack(file.pack(), template))
        return path

    return make_page


def is_cut(locator: Locator) -> bool:
    return bool(locator.evaluate("element => element.scrollWidth > element.clientWidth"))


@pytest.mark.parametrize("width", [1280, 420])
def test_names_stay_in_sight_however_deep(
    open_page: OpenPage, make_page: MakePage, width: int
) -> None:
    stack = ";".join(f"step{depth}" for depth in range(1500))
    page = open_page(make_page(session_file([("MainThread", [(stack, 100)])])))
    page.set_viewport_size({"width": width, "height": 800})
    page.keyboard.press("1")
    page.keyboard.press("End")
    row = page.locator(".tree .row.current")
    expect(row.locator(".name")).to_have_text("step1499")
    expect(row.locator(".level")).to_have_text("1499")
    name, cell = row.locator(".name").bounding_box(), row.locator(".name-cell").bounding_box()
    assert name is not None and cell is not None
    assert name["x"] + name["width"] <= cell["x"] + cell["width"]
    assert not is_cut(row.locator(".name"))


def test_a_long_path_keeps_its_file_and_line(open_page: OpenPage, make_page: MakePage) -> None:
    path = "/srv/shop/" + "a_folder/" * 40 + "orders.py"
    file = session_file([("MainThread", [(f"<module>;price:17@{path}*18", 100)])])
    page = open_page(make_page(file))
    for number, table in (("1", "tree"), ("4", "functions")):
        page.keyboard.press(number)
        place = page.locator(f".{table} .row", has_text="price").locator(".place")
        assert is_cut(place.locator(".folders"))
        assert not is_cut(place.locator(".file-name"))
        expect(place.locator(".file-name")).to_have_text("orders.py:17")
    page.keyboard.press("5")
    assert not is_cut(page.locator(".files .row", has_text="orders.py").locator(".file-name"))


def test_no_character_of_a_name_turns_a_line_number_around(
    open_page: OpenPage, make_page: MakePage
) -> None:
    stack = "<module>;price:17@/srv/\u202eshop/orders.py*18"
    page = open_page(make_page(session_file([("MainThread", [(stack, 100)])])))
    place = page.locator(".tree .row", has_text="price").locator(".place")
    expect(place.locator(".file-name")).to_have_text("orders.py:17")
    assert place.locator(".file-name").evaluate("e => getComputedStyle(e).unicodeBidi") == "isolate"


def test_a_command_isnt_said_twice(open_page: OpenPage, make_page: MakePage) -> None:
    file = session_file(targetDescription="Program: a.py -v", commandLine=["a.py", "-v"])
    page = open_page(make_page(file))
    expect(page.locator("h1")).to_have_text("a.py -v")
    assert page.locator(".command").count() == 0


def test_tabs_stay_where_they_are(open_page: OpenPage) -> None:
    page = open_page()
    page.set_viewport_size({"width": 1000, "height": 600})
    places = set()
    for number in "12345":
        page.keyboard.press(number)
        boxes = [page.locator(f"#tab-{view}").bounding_box() for view in VIEWS]
        places.add(str(boxes))
        assert page.locator(".toolbar").evaluate("e => e.clientHeight") < 50
    assert len(places) == 1


def test_long_thread_names_leave_room_for_the_rest(
    open_page: OpenPage, make_page: MakePage
) -> None:
    threads = [(f"worker {number} " + "of many " * 20, MAIN) for number in range(40)]
    page = open_page(make_page(session_file(threads)))
    assert page.locator(".toolbar").evaluate("e => e.clientHeight") < 50
    page.keyboard.press("3")
    page.locator(".chart").evaluate("e => e.scrollTop = 1e9")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("view", VIEWS)
def test_without_samples_the_page_says_so(
    open_page: OpenPage, make_page: MakePage, view: str
) -> None:
    page = open_page(make_page(session_file([("MainThread", [])])), hash=f"view={view}")
    expect(page.locator(".nothing")).to_contain_text("There is nothing to show")
    expect(page.locator("#view")).to_be_hidden()


def test_a_selection_without_samples_leads_back(open_page: OpenPage, make_page: MakePage) -> None:
    threads = [("MainThread", MAIN), ("idle", [])]
    page = open_page(make_page(session_file(threads)), hash="thread=1")
    expect(page.locator(".nothing")).to_contain_text("no samples in what is selected")
    page.keyboard.press("3")
    expect(page.locator(".nothing")).to_be_hidden()
    page.keyboard.press("4")
    page.get_by_role("button", name="Show everything").click()
    expect(page.locator(".functions .row", has_text="dumps")).to_be_visible()
    expect(page.locator(".nothing")).to_be_hidden()


def test_a_method_of_many_classes_is_named_by_its_own(
    open_page: OpenPage, make_page: MakePage
) -> None:
    samples = [("<module>;Cat.sleep:7*8", 60), ("<module>;Dog.sleep:7*8", 40)]
    file = session_file([("MainThread", samples)], {"sleep": "make.<locals>.Animal.sleep"})
    page = open_page(make_page(file), hash="view=functions")
    expect(page.locator(".functions .row .name").first).to_have_text("Animal.sleep")


def test_one_sample_is_enough(open_page: OpenPage, make_page: MakePage) -> None:
    page = open_page(make_page(session_file([("MainThread", [("<module>*2;main:3*5", 1)])])))
    for number in "12345":
        page.keyboard.press(number)
        expect(page.locator("#view")).to_be_visible()
    expect(page.locator(".lines .row.current")).to_contain_text("1.00 ms")
