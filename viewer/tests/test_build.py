"""The committed page is small, whole and what the sources give."""

from __future__ import annotations

import base64
import hashlib
import re

from build import LARGEST, OUTPUT, build, unpack


def test_the_page_is_what_the_sources_give() -> None:
    assert unpack(OUTPUT.read_text()) == build(), "run `make viewer` and commit the page"


def test_the_page_is_small() -> None:
    assert OUTPUT.stat().st_size <= LARGEST


def test_the_policy_names_just_what_is_in_the_page() -> None:
    page = unpack(OUTPUT.read_text())
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy and "http" not in policy
    texts = re.findall(r"<style>(.*?)</style>|<script[^>]*>(.*?)</script>", page, re.DOTALL)
    session = "{{session}}"
    wanted = {style or script for style, script in texts} - {session}
    named = set(re.findall(r"'sha256-([^']*)'", policy))
    assert named == {
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in wanted
    }


def test_nothing_in_the_page_points_elsewhere() -> None:
    page = unpack(OUTPUT.read_text())
    addresses = set(re.findall(r"https?://[^\s\"'`)<]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert (
        "innerHTML" not in page
        and "insertAdjacentHTML" not in page
        and "document.write" not in page
    )
