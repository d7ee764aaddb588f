"""The parts of a speedscope file as Python objects, for files of one's own.

``json.dumps(file, cls=SpeedscopeEncoder)`` makes the text of a ``SpeedscopeFile``. Format:
https://www.speedscope.app/file-format-schema.json.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True)
class SpeedscopeFrame:
    """A function: what events refer to by its place in the file's list."""

    name: str | None
    file: str | None
    line: int | None


class SpeedscopeEventType(Enum):
    """Whether a function was called, or returned."""

    OPEN = "O"
    CLOSE = "C"


@dataclass
class SpeedscopeEvent:
    """A call or return, at a time in the profile's unit. ``frame`` is a place in the list."""

    type: SpeedscopeEventType
    at: float
    frame: int


@dataclass
class SpeedscopeProfile:
    """What one thread did."""

    name: str
    events: list[SpeedscopeEvent]
    end_value: float
    start_value: float = 0.0
    type: str = "evented"
    unit: str = "seconds"


@dataclass
class SpeedscopeFile:
    """A file. ``shared`` has the list of frames under ``"frames"``."""

    name: str
    profiles: list[SpeedscopeProfile]
    shared: dict[str, list[SpeedscopeFrame]]
    schema: str = "https://www.speedscope.app/file-format-schema.json"
    active_profile_index: None = None
    exporter: str = "spinetail"


class SpeedscopeEncoder(json.JSONEncoder):
    """Encodes the classes of this module, under the names that the format has."""

    def default(self, o: Any) -> Any:
        """What stands for an object of these classes."""
        if isinstance(o, SpeedscopeFile):
            return {
                "$schema": o.schema,
                "name": o.name,
                "activeProfileIndex": o.active_profile_index,
                "exporter": o.exporter,
                "profiles": o.profiles,
                "shared": o.shared,
            }
        if isinstance(o, SpeedscopeProfile):
            return {
                "type": o.type,
                "name": o.name,
                "unit": o.unit,
                "startValue": o.start_value,
                "endValue": o.end_value,
                "events": o.events,
            }
        if isinstance(o, (SpeedscopeEvent, SpeedscopeFrame)):
            return o.__dict__
        if isinstance(o, SpeedscopeEventType):
            return o.value
        return super().default(o)
