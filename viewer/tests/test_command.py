"""A page that the command has made, with the page's own eyes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from conftest import TESTS, OpenPage

PACKAGE = Path(__file__).resolve().parents[2] / "python"
PROGRAM = """import time

def busy_work():
    end = time.perf_counter() + 0.3
    while time.perf_counter() < end:
        sum(range(100))

busy_work()
"""


@pytest.fixture(scope="module")
def command_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of PROGRAM, in whose name there is markup."""
    if not list((PACKAGE / "spinetail").glob("_native*.so")):
        pytest.skip("no native library beside the sources: pip install -e .")
    folder = tmp_path_factory.mktemp("command")
    script = folder / "<b onclick=alert(1)>.py"
    script.write_text(PROGRAM)
    command = [sys.executable, "-m", "spinetail", "-o", "page.html", script.name]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    subprocess.run(command, cwd=folder, env=environment, check=True)
    return folder / "page.html"


def test_the_commands_page_leads_to_the_line(open_page: OpenPage, command_page: Path) -> None:
    page = open_page(command_page)
    expect(page.locator("h1")).to_have_text("<b onclick=alert(1)>.py")
    assert page.locator("b").count() == 0
    page.locator(".tree .row", has_text="busy_work").last.click()
    page.keyboard.press("v")
    expect(page.locator(".source-title")).to_contain_text("<b onclick=alert(1)>.py")
    line = page.locator(".lines .row.timed", has_text="sum(range(100))")
    expect(line).to_contain_text("ms")


def test_processors_in_python_decide_what_the_page_shows(
    open_page: OpenPage, tmp_path: Path
) -> None:
    if not list((PACKAGE / "spinetail").glob("_native*.so")):
        pytest.skip("no native library beside the sources: pip install -e .")
    session = TESTS / "sessions" / "django.spinetail"
    script = tmp_path / "render.py"
    script.write_text(
        "import sys\n"
        "from spinetail.frame_ops import delete_frame_from_tree\n"
        "from spinetail.renderers import HTMLRenderer\n"
        "from spinetail.session import Session\n"
        "def without_views(frame, options):\n"
        "    for child in frame.children:\n"
        "        without_views(child, options)\n"
        "    if frame.function == 'account':\n"
        "        delete_frame_from_tree(frame, replace_with='children')\n"
        "    return frame\n"
        "renderer = HTMLRenderer()\n"
        "renderer.preprocessors = [without_views]\n"
        "print(renderer.render(Session.load(sys.argv[1])))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE)}
    command = [sys.executable, str(script), str(session)]
    path = tmp_path / "page.html"
    with path.open("wb") as file:
        subprocess.run(command, env=environment, check=True, stdout=file)
    page = open_page(path)
    expect(page.locator(".warning")).to_contain_text("Processors changed the calls")
    expect(page.locator(".tree .row .name", has_text="Customer.statement")).to_have_count(1)
    page.keyboard.press("/")
    page.keyboard.type("shop/views.py")
    expect(page.locator(".found")).to_contain_text(" functions, ")
    assert "account" not in page.evaluate("spinetail.app.store.lens.session.strings")
