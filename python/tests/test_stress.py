"""A short form of tools/stress.py, where the test run asks for it: on one interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = os.environ.get("SPINETAIL_STRESS_SECONDS")
SCRIPT = Path(__file__).resolve().parent.parent.parent / "tools" / "stress.py"


@pytest.mark.sampler
@pytest.mark.skipif(not SECONDS, reason="SPINETAIL_STRESS_SECONDS isn't set")
def test_nothing_wrong_is_found():
    command = [sys.executable, str(SCRIPT), "--seconds", str(SECONDS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing wrong was found." in done.stdout
