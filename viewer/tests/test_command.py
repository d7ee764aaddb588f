"""A page that the command has made, with the page's own eyes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from conftest import OpenPage

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
