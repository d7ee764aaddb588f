"""The program to profile, made ready to run as the interpreter would run it."""

from __future__ import annotations

import os
import runpy
import sys
from importlib.machinery import SourceFileLoader, SourcelessFileLoader

from spinetail.command_line import main_module
from spinetail.command_line.errors import CommandError
from spinetail.command_line.source import compile_script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Callable, Tuple

    from spinetail.command_line.options import Options

    Call = Tuple[Callable[..., Any], Tuple[Any, ...]]

RUNPY_FILE = runpy.run_module.__code__.co_filename


class Target:
    """A program and its arguments."""

    stem_file = ""
    """The file whose frames lie between the command's and the program's own."""

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments

    def describe(self) -> str:
        """The program as the user has named it, with its arguments."""
        raise NotImplementedError

    def prepare(self) -> Call:
        """Sets up ``sys`` and ``__main__``; gives the function and arguments that run the program.

        Raises what the program's source is to blame for: SyntaxError.
        """
        raise NotImplementedError

    def has_begun(self, error: BaseException | None) -> bool:
        """False if the program has ended with this error before any of its code ran."""
        return True


class Script(Target):
    """``python script.py``"""

    def __init__(self, name: str, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.name = name
        self.source = read_script(name)

    def describe(self) -> str:
        return " ".join([self.name, *self.arguments])

    def prepare(self) -> Call:
        filename = absolute_filename(self.name)
        main_module.put_first_on_path(os.path.dirname(os.path.realpath(self.name)))
        main_module.set_arguments([self.name, *self.arguments], [self.name, *self.arguments])
        namespace = main_module.install_main_module().__dict__
        namespace["__file__"] = filename
        if sys.version_info < (3, 15):
            namespace["__cached__"] = None
        if filename.endswith(".pyc"):
            compiled = SourcelessFileLoader("__main__", filename)
            namespace["__loader__"] = compiled
            return exec, (compiled.get_code("__main__"), namespace)
        namespace["__loader__"] = SourceFileLoader("__main__", filename)
        return exec, (compile_script(self.source, filename), namespace)


class StandardInput(Target):
    """``python -``: a script that is read from standard input."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.source = read_standard_input()

    def describe(self) -> str:
        return " ".join(["-", *self.arguments])

    def prepare(self) -> Call:
        main_module.put_first_on_path("")
        main_module.set_arguments(["-", *self.arguments], ["-", *self.arguments])
        namespace = main_module.install_main_module().__dict__
        namespace["__file__"] = "<stdin>"
        if sys.version_info < (3, 15):
            namespace["__cached__"] = None
        return exec, (compile_script(self.source, "<stdin>"), namespace)


class CodeText(Target):
    """``python -c code``"""

    def __init__(self, text: str, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.text = text

    def describe(self) -> str:
        return " ".join(["-c", *self.arguments])

    def prepare(self) -> Call:
        text = self.text + "\n"
        if sys.version_info >= (3, 14):
            import textwrap  # before the program's folder is on the path

            text = textwrap.dedent(text)
        main_module.put_first_on_path("")
        main_module.set_arguments(["-c", *self.arguments], ["-c", self.text, *self.arguments])
        namespace = main_module.install_main_module().__dict__
        code = compile(text, "<string>", "exec", dont_inherit=True)
        if sys.version_info >= (3, 13):
            show_source_in_tracebacks(code, text)
        return exec, (code, namespace)


class RunByRunpy(Target):
    """A program that the interpreter leaves to runpy, whose frames its tracebacks show."""

    stem_file = RUNPY_FILE

    def has_begun(self, error: BaseException | None) -> bool:
        if error is None or getattr(sys.modules.get("__main__"), "__spec__", None) is not None:
            return True
        # Not found, or not compiled; but a package's own code may have run, and failed.
        traceback = error.__traceback__
        while traceback is not None and traceback.tb_next is not None:
            traceback = traceback.tb_next
        filename = traceback.tb_frame.f_code.co_filename if traceback else RUNPY_FILE
        return filename != RUNPY_FILE and not filename.startswith("<frozen importlib")


class Module(RunByRunpy):
    """``python -m module``"""

    def __init__(self, name: str, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.name = name

    def describe(self) -> str:
        return " ".join(["-m", self.name, *self.arguments])

    def prepare(self) -> Call:
        main_module.put_first_on_path(current_folder())
        main_module.set_arguments(["-m", *self.arguments], ["-m", self.name, *self.arguments])
        main_module.install_main_module()
        return runpy._run_module_as_main, (self.name, True)  # type: ignore[attr-defined]


class Folder(RunByRunpy):
    """``python folder`` and ``python file.zip``: what holds a ``__main__.py``."""

    def __init__(self, name: str, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.name = name

    def describe(self) -> str:
        return " ".join([self.name, *self.arguments])

    def prepare(self) -> Call:
        sys.path.insert(0, absolute_filename(self.name))  # under -I and -P as well
        main_module.set_arguments([self.name, *self.arguments], [self.name, *self.arguments])
        main_module.install_main_module()
        return runpy._run_module_as_main, ("__main__", False)  # type: ignore[attr-defined]


def find_target(options: Options) -> Target:
    """The program that the options name. Raises CommandError if its file can't be read."""
    if options.module is not None:
        return Module(options.module, options.arguments)
    if options.code is not None:
        return CodeText(options.code, options.arguments)
    assert options.script is not None
    if options.from_path:
        return Script(on_path(options.script), options.arguments)
    if options.script == "-":
        return StandardInput(options.arguments)
    if is_importable(options.script):
        if os.path.isdir(options.script) and not has_main(options.script):
            raise CommandError(
                f"the folder {options.script!r} has no __main__.py: name the script in it to run"
            )
        return Folder(options.script, options.arguments)
    return Script(options.script, options.arguments)


def read_script(name: str) -> bytes:
    try:
        with open(name, "rb") as file:
            return file.read()
    except FileNotFoundError:
        raise CommandError(
            f"there is no script {name!r}: check the name, or use -m for a module"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"can't read the script {name!r}: {reason}") from None


def on_path(name: str) -> str:
    """The script that the shell would run. Raises CommandError if there is none, or a program that
    isn't Python's.
    """
    import shutil

    found = shutil.which(name)
    if found is None:
        raise CommandError(f"there is no script {name!r} on PATH: check the name")
    if read_script(found).startswith(b"\x7fELF"):
        raise CommandError(f"{found!r} is machine code, not a Python script: name another one")
    return found


def read_standard_input() -> bytes:
    """All of it, past ``sys.stdin``, which the program is to find untouched."""
    chunks: list[bytes] = []
    try:
        while True:
            chunk = os.read(0, 1 << 16)
            if not chunk:
                return b"".join(chunks)
            chunks.append(chunk)
    except OSError as error:
        raise CommandError(f"can't read a script from standard input: {error.strerror}") from None


def is_importable(name: str) -> bool:
    """True for a folder or a zip file: what could stand on ``sys.path``."""
    for hook in sys.path_hooks if name else []:
        try:
            hook(name)
        except ImportError:
            continue
        return True
    return False


def has_main(folder: str) -> bool:
    return any(
        os.path.exists(os.path.join(folder, name)) for name in ("__main__.py", "__main__.pyc")
    )


def absolute_filename(name: str) -> str:
    """The name as the interpreter completes it: neither normalised nor, before 3.9, completed."""
    if sys.version_info < (3, 9) or os.path.isabs(name):
        return name
    folder = current_folder()
    return name if folder is None else os.path.join(folder, name)


def current_folder() -> str | None:
    """The current folder, or None if it has been removed."""
    try:
        return os.getcwd()
    except OSError:
        return None


def show_source_in_tracebacks(code: CodeType, text: str) -> None:
    """What 3.13 and newer do with ``-c``, in ``run_mod`` of Python/pythonrun.c."""
    import linecache

    register = getattr(linecache, "_register_code", None)
    if register is not None:
        # Early releases of 3.13 keep the lines under the file's name, later ones by the code.
        register(code if hasattr(linecache, "_interactive_cache") else "<string>", text, "<string>")
