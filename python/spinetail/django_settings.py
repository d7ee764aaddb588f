"""The settings of the Django middleware."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Any, Callable

    from spinetail.renderers import Renderer
    from spinetail.session import Session

PREFIXES = ("SPINETAIL_", "PYINSTRUMENT_")
REFERENCE, OWN = "pyinstrument.renderers.", "spinetail.renderers."
FILENAME = "{total_time:.3f}s {path} {timestamp:.0f}.{ext}"


class ProfilerSettings:
    """What ``settings`` says under ``SPINETAIL_…`` or else, for sites that had pyinstrument, under
    ``PYINSTRUMENT_…``.
    """

    url_argument: str | None
    """URL_ARGUMENT: what a request has in its URL to be answered by its profile ("profile"). None
    or "" to answer none so."""
    profile_dir: str | os.PathLike[str] | None
    """PROFILE_DIR: the folder that the profile of each request is saved in; it is made if it isn't
    there. None to save none."""
    show_callback: Callable[[Any], Any] | None
    """SHOW_CALLBACK: a function, or its import path, that is given a request and says whether it
    may be profiled at all. It may be a coroutine function."""
    filename: str
    """FILENAME: how files in PROFILE_DIR are named, with the fields total_time (seconds), path,
    timestamp (seconds since the epoch) and ext."""
    filename_callback: Callable[[Any, Session, Renderer], str] | None
    """FILENAME_CALLBACK: a function, or its import path, that is given a request, the session and
    the renderer, and returns the file's name in place of FILENAME."""
    interval: float
    """INTERVAL: the time between two samples, in seconds (0.001)."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)
        self._renderer_class: Any = None

    @classmethod
    def read(cls) -> ProfilerSettings:
        """The settings as they are now. Raises ImportError for paths that lead nowhere."""
        return cls(
            url_argument=setting("URL_ARGUMENT", "profile"),
            profile_dir=setting("PROFILE_DIR") or None,
            show_callback=function_at(setting("SHOW_CALLBACK")),
            filename=setting("FILENAME") or FILENAME,
            filename_callback=function_at(setting("FILENAME_CALLBACK")),
            interval=setting("INTERVAL", 0.001),
            renderer_path=setting("PROFILE_DIR_RENDERER") or OWN + "HTMLRenderer",
        )

    def renderer(self) -> Renderer:
        """A renderer for files, of the class, or import path, in PROFILE_DIR_RENDERER: the report
        page, if nothing is said.

        Raises ImportError where it can't be found, and ValueError for what is no renderer.
        """
        from spinetail.renderers import Renderer

        if self._renderer_class is None:
            path = self.__dict__["renderer_path"]
            if isinstance(path, str) and path.startswith(REFERENCE):
                path = OWN + path[len(REFERENCE) :]
            found = import_string(path) if isinstance(path, str) else path
            if not (isinstance(found, type) and issubclass(found, Renderer)):
                raise ValueError(
                    f"SPINETAIL_PROFILE_DIR_RENDERER must be a subclass of "
                    f"spinetail.renderers.Renderer, or its import path, not {path!r}"
                )
            self._renderer_class = found
        renderer: Renderer = self._renderer_class()
        return renderer


def setting(name: str, default: Any = None) -> Any:
    """The setting, under the first prefix that has it."""
    for prefix in PREFIXES:
        value = getattr(settings, prefix + name, settings)
        if value is not settings:
            return value
    return default


def function_at(value: Any) -> Any:
    """The function itself, or the one at an import path. Raises ImportError and ValueError."""
    function = import_string(value) if isinstance(value, str) and value else value
    if function and not callable(function):
        raise ValueError(f"{value!r} is no function, nor an import path of one")
    return function or None
