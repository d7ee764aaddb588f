"""Code that was written for pyinstrument, with Spinetail in its place."""

from __future__ import annotations

import subprocess
import sys
import textwrap


def run(code):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout.decode()


def test_imports_resolve_to_spinetail():
    output = run(
        """
        import sys
        import spinetail

        spinetail.install_as_pyinstrument()
        spinetail.install_as_pyinstrument()
        assert "spinetail.profiler" not in sys.modules  # nothing is imported ahead
        import pyinstrument
        assert pyinstrument is spinetail
        from pyinstrument import Profiler, profile
        assert pyinstrument.renderers.console.ConsoleRenderer
        import pyinstrument.renderers.base
        from pyinstrument.renderers import Renderer, console
        from pyinstrument.renderers.console import ConsoleRenderer
        import spinetail.renderers
        assert console is sys.modules["spinetail.renderers.console"]
        assert issubclass(spinetail.renderers.ConsoleRenderer, Renderer)
        for name in "context_manager profiler session stack_sampler typing util".split():
            module = __import__("pyinstrument." + name, fromlist=["x"])
            assert module is getattr(spinetail, name), name
            assert module.__name__ == module.__spec__.name == "spinetail." + name
            assert module.__loader__ is module.__spec__.loader
        import importlib, pickle
        assert importlib.import_module("pyinstrument.session").Session is spinetail.session.Session
        assert pickle.loads(pickle.dumps(Profiler)) is spinetail.Profiler
        assert importlib.reload(spinetail.util).truncate
        with Profiler() as profiler:
            pass
        print(profiler.output(ConsoleRenderer()).count("Duration"))
        print(sum(type(finder).__name__ == "AliasFinder" for finder in sys.meta_path))
        """
    )
    assert output.split() == ["1", "1"]


def test_modules_that_there_are_none_of():
    output = run(
        """
        import spinetail
        spinetail.install_as_pyinstrument()
        for name in ["low_level.stat_profile", "vendor", "nope", "renderers.nope"]:
            try:
                __import__("pyinstrument." + name)
            except ModuleNotFoundError as error:
                print(error.name, error)
        """
    ).splitlines()
    assert output[0].startswith("pyinstrument.low_level") and "another way" in output[0]
    assert output[1].startswith("pyinstrument.vendor") and "own names" in output[1]
    assert output[2] == "pyinstrument.nope No module named 'pyinstrument.nope'"
    assert output[3] == "pyinstrument.renderers.nope No module named 'pyinstrument.renderers.nope'"


def test_real_one_that_was_imported_before():
    output = run(
        """
        import sys, types
        real = sys.modules["pyinstrument"] = types.ModuleType("pyinstrument")
        import spinetail
        try:
            spinetail.install_as_pyinstrument()
        except RuntimeError as error:
            print(error)
        assert sys.modules["pyinstrument"] is real
        """
    )
    assert "imported already" in output and output.count("\n") == 1
