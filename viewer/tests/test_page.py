"""The page around the views: header, themes, exports, safety and accessibility."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from conftest import TESTS, OpenPage
from pack import pack
from page_data import make
from sample import session_file
from session_file import SessionFile

EVIL = "</script><img src=x onerror=alert(1)>\u202e"


def page_of(tmp_path: Path, template: str, file: SessionFile) -> Path:
    path = tmp_path / "page.html"
    path.write_text(pack(file.pack(), template))
    return path


def test_the_header_says_what_was_recorded(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.locator("h1")).to_have_text("app.py --port 80")
    expect(page.locator(".command")).to_have_text("spinetail /srv/shop/app.py --port 80")
    facts = page.locator(".facts").inner_text().replace("\n", " ")
    for fact in [
        "Duration 1.000 s",
        "CPU time 900 ms (90 %)",
        "Samples 10 in 2 threads",
        "Interval 1.00 ms",
        "3.12.1",
    ]:
        assert fact in facts
    assert page.title() == "1.000 s - app.py --port 80 - Spinetail"
    assert page.locator(".warning").count() == 0


def test_what_went_wrong_is_said_in_numbers(
    open_page: OpenPage, tmp_path: Path, template: str
) -> None:
    statistics = {"beats": 1000, "followed": 500, "unfollowed": 200, "truncated": 50, "late": 100}
    file = session_file(
        statistics=statistics,
        subinterpreters=2,
        engineReason="it was asked for",
        engineDetail="with a thread of its own",
        notes=["A fork was left out"],
        engine="setprofile",
    )
    page = open_page(page_of(tmp_path, template, file))
    warning = page.locator(".warning")
    expect(warning).to_contain_text("50 (5.0 %) of the samples show only the outer calls")
    expect(warning).to_contain_text("100 (9.1 %) of the samples could not be taken in time")
    expect(warning).to_contain_text("200 (20.0 %) of the samples were read from another CPU")
    expect(warning).to_contain_text("2 other interpreters")
    expect(warning).to_contain_text("A fork was left out.")
    expect(page.locator(".facts")).to_contain_text(
        "setprofile, with a thread of its own, since it was asked for"
    )


def test_themes(open_page: OpenPage) -> None:
    page = open_page(theme="dark")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.keyboard.press("l")
    assert page.locator("html").get_attribute("data-theme") == "light"
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.locator("html").get_attribute("data-theme") == "light"
    system = open_page(theme="light")
    system.emulate_media(color_scheme="dark")
    expect(system.locator("html")).to_have_attribute("data-theme", "dark")


def test_what_is_shown_is_copied(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("y")
    expect(page.locator(".toast")).to_have_text("Copied.")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("```\n1.700 s All threads")
    assert "          [2 frames hidden  web]" in text
    page.keyboard.press("4")
    page.keyboard.press("y")
    page.wait_for_timeout(100)
    table = page.evaluate("navigator.clipboard.readText()")
    assert table.startswith("| Self | Total | Function | Location |\n| ---: |")


def test_pictures_are_saved(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(hash="view=flame")
    for kind, start in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        page.get_by_role("button", name="Save and copy").click()
        with page.expect_download() as saved:
            page.get_by_role("button", name=f"Save as {kind}").click()
        assert saved.value.suggested_filename == f"app.{kind.lower()}"
        saved.value.save_as(tmp_path / kind)
        assert (tmp_path / kind).read_bytes().startswith(start)
    svg = (tmp_path / "SVG").read_text()
    assert ">Cart.total</text>" in svg


def test_the_data_is_saved_as_it_came(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page()
    page.get_by_role("button", name="Save and copy").click()
    expect(page.locator("dialog[open] code")).to_contain_text("spinetail --load app.spinetail")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save app.spinetail").click()
    saved.value.save_as(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == session_file().pack()


def test_help_lists_every_key(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("?")
    text = page.locator("dialog[open]").inner_text()
    guide = (TESTS.parents[1] / "docs" / "reading-the-page.md").read_text()
    keys = page.evaluate("Object.keys(spinetail.app.actions)")
    names = {"Escape": "Esc"}
    for key in [names.get(key, key) for key in keys if key not in "12345N"]:
        assert re.search(rf"(^|\s){re.escape(key)}(\s|$)", text, re.MULTILINE), key
        # Names of keys stand there as they are, characters as code.
        assert (f"`{key}`" if len(key) == 1 else key) in guide, key
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_paper_gets_the_tree(open_page: OpenPage) -> None:
    page = open_page(theme="dark")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    rows = page.locator(".printout tbody tr")
    assert rows.count() > 10
    expect(page.locator(".printout")).to_contain_text("Cart.total")
    expect(page.locator(".printout")).to_contain_text("2 frames hidden")
    assert page.locator("html").get_attribute("data-theme") == "light"
    expect(page.locator("#view")).to_be_hidden()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(255, 255, 255)"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".printout tbody tr").count() == 0
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_names_are_text(open_page: OpenPage, tmp_path: Path, template: str) -> None:
    samples = [(f"<module>;{EVIL}@/tmp/{EVIL}.py:3*4", 50), (f"<module>;{EVIL}.go", 50)]
    file = session_file(
        [(EVIL, samples)],
        targetDescription=EVIL,
        commandLine=[EVIL],
        engineReason=EVIL,
        pythonVersion=EVIL,
        sources={f"/tmp/{EVIL}.py": f"x\ny\nz\n{EVIL}"},
    )
    page = open_page(page_of(tmp_path, template, file))
    for number in "12345":
        page.keyboard.press(number)
        page.keyboard.press("?")
        page.keyboard.press("Escape")
    for number in "23":
        page.keyboard.press(number)
        canvas = page.locator(".chart-canvas")
        canvas.hover(position={"x": 200, "y": 30})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("img").count() == 0
    assert page.evaluate("document.scripts.length") <= 3
    assert EVIL in str(page.locator("h1").text_content())


def test_the_policy_lets_nothing_else_run(open_page: OpenPage) -> None:
    page = open_page(may_complain=True)
    blocked = page.evaluate(
        """() => new Promise((resolve) => {
          const seen = [];
          document.addEventListener("securitypolicyviolation", (event) => {
            seen.push(event.effectiveDirective);
            if (seen.length === 4) resolve(seen.sort());
          });
          const script = document.createElement("script");
          script.textContent = "window.pwned = true";
          document.body.append(script);
          const style = document.createElement("style");
          style.textContent = "body { display: none }";
          document.body.append(style);
          new Image().src = "https://example.invalid/x.png";
          fetch("https://example.invalid/").catch(() => {});
          setTimeout(() => resolve(seen.sort()), 2000);
        })"""
    )
    assert blocked == ["connect-src", "img-src", "script-src-elem", "style-src-elem"]
    assert page.evaluate("window.pwned") is None


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["tree", "flame", "timeline", "functions", "source"])
def test_accessibility(open_page: OpenPage, view: str, theme: str) -> None:
    page = open_page(hash=f"view={view}&q=total&thread=0&range=100000-900000", theme=theme)
    page.keyboard.press(
        {"tree": "1", "flame": "2", "timeline": "3", "functions": "4", "source": "5"}[view]
    )
    page.keyboard.press("ArrowDown")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    for key in "o?":
        page.keyboard.press(key)
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Save and copy").click()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_a_narrow_window_keeps_everything_within(open_page: OpenPage) -> None:
    page = open_page()
    page.set_viewport_size({"width": 420, "height": 700})
    for number in "12345":
        page.keyboard.press(number)
        assert page.evaluate("document.documentElement.scrollWidth") <= 420


@pytest.mark.parametrize(
    "change, words",
    [
        ({"version": 2}, "newer Spinetail"),
        ({"format": "speedscope"}, "isn't a Spinetail session"),
    ],
)
def test_other_data_is_refused_in_words(
    open_page: OpenPage, tmp_path: Path, template: str, change: dict[str, object], words: str
) -> None:
    page = open_page(page_of(tmp_path, template, session_file(**change)), ready=False)
    expect(page.get_by_role("alert")).to_contain_text(words)


def test_damaged_and_missing_data(open_page: OpenPage, tmp_path: Path, template: str) -> None:
    path = tmp_path / "damaged.html"
    path.write_text(pack(session_file().pack()[:-200], template))
    expect(open_page(path, ready=False).get_by_role("alert")).to_contain_text("damaged")
    path.write_text(template)
    expect(open_page(path, ready=False).locator("main")).to_contain_text("no profile in it")


def test_a_session_without_samples(open_page: OpenPage, tmp_path: Path, template: str) -> None:
    page = open_page(page_of(tmp_path, template, session_file([("MainThread", [])])))
    for number in "12345":
        page.keyboard.press(number)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.keyboard.press("f")
    expect(page.locator(".warning")).to_contain_text("no samples")


def test_counts_stay_within_their_budgets(
    open_page: OpenPage, tmp_path: Path, template: str
) -> None:
    """A hundred thousand samples: bytes, elements and boxes are what costs time, and steady."""
    session = make(100_000, 57_000)
    path = tmp_path / "large.html"
    path.write_text(pack(session, template))
    assert path.stat().st_size <= 600_000
    page = open_page(path)
    page.keyboard.press("*")
    elements = page.evaluate("document.querySelectorAll('*').length")
    assert elements <= 1200
    limits = {"flame": 5_000, "timeline": 5_000}
    for view, most in limits.items():
        page.evaluate(f"spinetail.app.store.set({{view: {json.dumps(view)}}})")
        page.wait_for_timeout(100)
        boxes, probes = page.evaluate(
            """view => {
              const { chart } = spinetail.app.views.get(view);
              let boxes = 0, probes = 0;
              const [low, high] = chart.source.span;
              for (const part of [1, 0.1, 0.01, 0.001]) {
                chart.from = low;
                chart.to = low + (high - low) * part;
                chart.paintNow();
                boxes = Math.max(boxes, chart.last.boxes);
                probes = Math.max(probes, chart.last.probes);
              }
              return [boxes, probes];
            }""",
            view,
        )
        assert 0 < boxes <= most
        assert probes <= 20 * most
