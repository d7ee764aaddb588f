"""The package itself: what importing it costs and offers. Runs on every supported Python."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import spinetail


def test_surface():
    names = {"Profiler", "install_as_pyinstrument", "load_ipython_extension", "profile"}
    assert set(spinetail.__all__) == names | {"__version__"}
    assert spinetail.Profiler.__module__ == "spinetail.profiler"
    assert os.path.exists(os.path.join(os.path.dirname(spinetail.__file__), "py.typed"))
    with pytest.raises(AttributeError, match="nope"):
        spinetail.nope  # noqa: B018


def test_star_import():
    namespace: dict = {}
    exec("from spinetail import *", namespace)
    assert "Profiler" in namespace


def test_reference_modules_exist():
    from spinetail.profiler import Profiler
    from spinetail.renderers import ConsoleRenderer, Renderer
    from spinetail.session import Session

    assert Profiler is spinetail.Profiler
    assert issubclass(ConsoleRenderer, Renderer)
    assert ConsoleRenderer.output_file_extension == "txt"
    assert Session is not None


def test_debug_builds_are_refused_in_one_line():
    code = "import sys; sys.gettotalrefcount = int; import spinetail; spinetail.Profiler"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert "debug builds are not supported: use a default build of CPython" in last


def test_signatures_agree():
    import inspect

    from spinetail.renderers import ConsoleRenderer

    renderer = inspect.signature(ConsoleRenderer).parameters
    output = inspect.signature(spinetail.Profiler.output_text).parameters
    printing = inspect.signature(spinetail.Profiler.print).parameters
    for name, parameter in renderer.items():
        assert output[name].default == parameter.default
        assert output[name].annotation == parameter.annotation
        assert name in printing
    assert printing["show_all"].default == renderer["show_all"].default


def test_importing_loads_little():
    code = (
        "import sys; before = set(sys.modules)\n"
        "import spinetail; spinetail.Profiler\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    loaded = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n" + code],
        stdout=subprocess.PIPE,
        check=True,
    ).stdout.decode()
    slow = {"typing", "inspect", "re", "enum", "runpy", "argparse", "optparse", "threading"}
    assert not slow & set(loaded.split())


@pytest.mark.parametrize(
    "words", [["-c", "import spinetail; spinetail.Profiler"], ["-m", "spinetail", "-c", "1"]]
)
def test_native_library_that_does_not_load(words, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import sys; sys.modules['spinetail._native'] = None\n"
    )
    done = subprocess.run(
        [sys.executable, *words],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
    )
    assert done.returncode == 1
    last = done.stderr.decode().splitlines()[-1]
    assert "can't load its native library" in last
    if "-m" in words:
        assert done.stderr.count(b"\n") == 1
