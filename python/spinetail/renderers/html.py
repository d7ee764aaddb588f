"""The report page."""

from __future__ import annotations

from spinetail.renderers.base import Renderer

__all__ = ["HTMLRenderer"]


class HTMLRenderer(Renderer):
    """Is to write the report page, which is coming."""

    output_file_extension = "html"

    def __init__(
        self,
        *,
        resample_interval: float | None = None,
        show_all: bool = False,
        timeline: bool = False,
    ) -> None:
        """Raises NotImplementedError: there is no page yet."""
        raise NotImplementedError(
            "HTML reports are coming with the report page: use text, or speedscope, until then."
        )
