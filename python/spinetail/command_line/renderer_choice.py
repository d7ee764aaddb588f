"""Which renderer makes the report, and with which options."""

from __future__ import annotations

import re
import sys
from importlib import import_module

from spinetail import renderers
from spinetail.command_line.errors import CommandError
from spinetail.command_line.formats import ALIASES, FORMATS, HTML, TEXT
from spinetail.command_line.main_module import keeps_path_safe
from spinetail.command_line.target import current_folder
from spinetail.renderers import Renderer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from spinetail.command_line.options import Options


class RendererChoice:
    """A renderer's class with the options for it, tried once before any program runs."""

    def __init__(self, options: Options) -> None:
        """Raises CommandError where there is no such renderer, or it can't take the options."""
        self.name = ALIASES.get(options.renderer, options.renderer)
        self.renderer_class = find_class(self.name)
        self.options = keywords(options, self.name, self.renderer_class)
        self.is_text = self.name == TEXT or issubclass(
            self.renderer_class, renderers.ConsoleRenderer
        )
        self.unicode = options.unicode
        self.color = options.color
        renderer = self.make()
        self.is_page = getattr(renderer, "output_file_extension", None) == HTML
        # A page says itself that it is in UTF-8, whatever the terminal has.
        self.is_binary = self.is_page or bool(getattr(renderer, "output_is_binary", False))

    def make(self, unicode: bool = False, color: bool = False) -> Renderer:
        """A renderer for a place that shows ``unicode`` and ``color``, unless the user says
        otherwise. Raises CommandError as ``__init__`` does.
        """
        options = self.options
        if self.is_text:
            options = {
                "unicode": unicode if self.unicode is None else self.unicode,
                "color": color if self.color is None else self.color,
                **options,
            }
        try:
            return self.renderer_class(**options)
        except (TypeError, ValueError, Renderer.MisconfigurationError) as error:
            raise CommandError(refusal(self.name, error), status=2) from None


def keywords(options: Options, name: str, renderer_class: type[Renderer]) -> dict[str, Any]:
    """The keywords for the constructor. What the user hasn't asked for is left to its defaults."""
    given: dict[str, Any] = {}
    if options.timeline:
        given["timeline"] = True
    if options.show_all:
        given["show_all"] = True
    if options.clock != "wall":
        given["clock"] = options.clock
    if not options.source:
        given["source"] = False
    if issubclass(renderer_class, renderers.FrameRenderer):
        given["processor_options"] = {
            "hide_regex": options.file_filter.hide_regex,
            "show_regex": ".*" if options.show_all else options.file_filter.show_regex,
        }
    elif options.file_filter.is_given and name == HTML:
        raise CommandError(
            "an html report folds frames as its reader likes: choose in it what to hide",
            status=2,
        )
    elif options.file_filter.is_given:
        raise CommandError(f"{name} has no frames to --hide or --show", status=2)
    given.update(options.render_options, **merged_processor_options(given, options.render_options))
    if given.get("flat") and given.get("timeline"):
        raise CommandError(
            "a flat list has no order of time: choose either -t or -p flat", status=2
        )
    return given


def merged_processor_options(given: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """``-p processor_options…`` on top of what other flags have put there."""
    first, second = given.get("processor_options"), more.get("processor_options")
    if first is None or second is None:
        return {}
    if not isinstance(second, dict):
        raise CommandError(
            f"-p processor_options takes a JSON object, not {second!r}; a single option is set "
            "like processor_options.filter_threshold=0",
            status=2,
        )
    return {"processor_options": {**first, **second}}


def refusal(name: str, error: Exception) -> str:
    """Why a renderer can't be made, in one line."""
    unknown = re.search(r"unexpected keyword argument '(\w+)'", str(error))
    if unknown:
        return f"the renderer {name!r} has no option {unknown.group(1)!r}"
    return f"the renderer {name!r} can't take these options: " + " ".join(str(error).split())


def find_class(name: str) -> type[Renderer]:
    """The class of a format's name, or at an import path."""
    if name in FORMATS:
        found = import_object(FORMATS[name])
    elif re.match(r"\w+(\.\w+)+$", name):
        with CurrentFolderOnPath():
            found = import_object(name)
    else:
        raise CommandError(
            f"there is no renderer {name!r}: choose from {', '.join(FORMATS)}, or give the import "
            "path of a class",
            status=2,
        )
    if not (isinstance(found, type) and callable(getattr(found, "render", None))):
        raise CommandError(
            f"{name!r} is no renderer: name a class with a render method, like those in "
            "spinetail.renderers",
            status=2,
        )
    return found


def import_object(path: str) -> object:
    """What stands at a dotted path."""
    module_name, _, attribute = path.rpartition(".")
    try:
        return getattr(import_module(module_name), attribute)
    except (ImportError, AttributeError) as error:
        raise CommandError(f"can't import the renderer {path!r}: {error}", status=2) from None


class CurrentFolderOnPath:
    """A block in which modules of the current folder are found, unless the interpreter was told to
    keep it off the path.
    """

    def __enter__(self) -> None:
        self.folder = None if keeps_path_safe() else current_folder()
        if self.folder is not None:
            sys.path.insert(0, self.folder)

    def __exit__(self, *exception: Any) -> None:
        if self.folder in sys.path:
            sys.path.remove(self.folder)
