"""Renderers turn a session into a report."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spinetail.renderers.base import FrameRenderer as FrameRenderer
    from spinetail.renderers.base import Renderer as Renderer
    from spinetail.renderers.console import ConsoleRenderer as ConsoleRenderer
    from spinetail.renderers.html import HTMLRenderer as HTMLRenderer
    from spinetail.renderers.jsonrenderer import JSONRenderer as JSONRenderer
    from spinetail.renderers.pstatsrenderer import PstatsRenderer as PstatsRenderer
    from spinetail.renderers.session import SessionRenderer as SessionRenderer
    from spinetail.renderers.session import SpinetailRenderer as SpinetailRenderer
    from spinetail.renderers.speedscope import SpeedscopeRenderer as SpeedscopeRenderer

__all__ = [
    "ConsoleRenderer",
    "FrameRenderer",
    "HTMLRenderer",
    "JSONRenderer",
    "PstatsRenderer",
    "Renderer",
    "SessionRenderer",
    "SpeedscopeRenderer",
    "SpinetailRenderer",
]

MODULES = {
    "ConsoleRenderer": "console",
    "FrameRenderer": "base",
    "HTMLRenderer": "html",
    "JSONRenderer": "jsonrenderer",
    "PstatsRenderer": "pstatsrenderer",
    "Renderer": "base",
    "SessionRenderer": "session",
    "SpeedscopeRenderer": "speedscope",
    "SpinetailRenderer": "session",
}


def __getattr__(name: str) -> object:
    # A report needs one of them: the others' modules are loaded when somebody asks.
    from importlib import import_module

    if name in MODULES:
        found: object = getattr(import_module(f"{__name__}.{MODULES[name]}"), name)
        globals()[name] = found
        return found
    if name in MODULES.values():
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
