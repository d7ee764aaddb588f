"""The report's formats: their names, renderers and suffixes. Imports nothing, to be read early."""

from __future__ import annotations

TEXT = "text"
HTML = "html"

FORMATS = {
    TEXT: "spinetail.renderers.ConsoleRenderer",
    HTML: "spinetail.renderers.HTMLRenderer",
    "json": "spinetail.renderers.JSONRenderer",
    "speedscope": "spinetail.renderers.SpeedscopeRenderer",
    "pstats": "spinetail.renderers.PstatsRenderer",
    "spinetail": "spinetail.renderers.SpinetailRenderer",
    "pyisession": "spinetail.renderers.SessionRenderer",
}
"""The import paths of the renderers, by name."""

ALIASES = {"session": "pyisession"}

SUFFIXES = {
    ".txt": TEXT,
    ".html": HTML,
    ".htm": HTML,
    ".speedscope.json": "speedscope",
    ".json": "json",
    ".pstats": "pstats",
    ".spinetail": "spinetail",
    ".pyisession": "pyisession",
}
"""The longer ones of two that fit come first."""


def format_of_file(name: str) -> str:
    """The format that a file's name asks for: text, where it says nothing."""
    lower = name.lower()
    return next((format for suffix, format in SUFFIXES.items() if lower.endswith(suffix)), TEXT)
