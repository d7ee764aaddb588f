"""Files for the viewer at speedscope.app."""

from __future__ import annotations

from spinetail import processors
from spinetail._library import native
from spinetail.renderers.base import FrameRenderer, ProcessorList, readable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from spinetail.renderers.speedscope_data import SpeedscopeEncoder as SpeedscopeEncoder
    from spinetail.renderers.speedscope_data import SpeedscopeEvent as SpeedscopeEvent
    from spinetail.renderers.speedscope_data import SpeedscopeEventType as SpeedscopeEventType
    from spinetail.renderers.speedscope_data import SpeedscopeFile as SpeedscopeFile
    from spinetail.renderers.speedscope_data import SpeedscopeFrame as SpeedscopeFrame
    from spinetail.renderers.speedscope_data import SpeedscopeProfile as SpeedscopeProfile
    from spinetail.session import Session

__all__ = [
    "SpeedscopeEncoder",
    "SpeedscopeEvent",
    "SpeedscopeEventType",
    "SpeedscopeFile",
    "SpeedscopeFrame",
    "SpeedscopeProfile",
    "SpeedscopeRenderer",
]

EVENT_LIMIT = 100_000
"""The number of samples above which a file holds samples in place of calls and returns."""


class SpeedscopeRenderer(FrameRenderer):
    """Writes a file for speedscope.app: what each thread did in the order of time.

    Each thread is a profile. Up to 100,000 samples these are calls and returns, above that samples.
    No call is left out for its little time unless the option ``filter_threshold`` says so.
    """

    output_file_extension = "speedscope.json"
    # In the order of time, nearly every call is a small part of the whole.
    default_filter_threshold = 0.0

    def default_processors(self) -> ProcessorList:
        """Those of the text report but for the ones that aggregate calls and group frames."""
        return readable(
            processors.aggregate_repeated_calls, processors.group_library_frames_processor
        )

    def render(self, session: Session) -> str:
        """The file's text.

        Raises MisconfigurationError for CPU time that the session doesn't have.
        """
        self.check_clock(session)
        by_samples = (
            session.sample_count > EVENT_LIMIT
            and self.native_processors() is not None
            and not self.effective_options()["filter_threshold"]
        )
        trees, roots = self.thread_trees(session, aggregated=by_samples)
        return native.render_speedscope(session._handle, trees, roots, by_samples, self.clock)


def __getattr__(name: str) -> object:
    # For those who write files of their own; making a report needs none of them.
    if name in __all__:
        from spinetail.renderers import speedscope_data

        found: object = getattr(speedscope_data, name)
        globals()[name] = found
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
