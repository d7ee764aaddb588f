"""What a sampling interval may be."""

from __future__ import annotations

SHORTEST = 1e-6
LONGEST = 3600.0


def checked_interval(interval: object) -> float:
    """The interval as a float, in seconds.

    Raises TypeError for what is no number, and ValueError for a number outside 1 microsecond to
    1 hour (shorter, the sampler would do nothing but run late; longer, nothing would be sampled).
    """
    try:
        if isinstance(interval, (str, bytes, bytearray)):
            raise TypeError
        seconds = float(interval)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise TypeError(
            f"interval must be a number of seconds, like 0.001, not {interval!r}"
        ) from None
    except OverflowError:
        seconds = float("inf")
    if not SHORTEST <= seconds <= LONGEST:  # also false for NaN
        raise ValueError(
            f"interval must be between 0.000001 and 3600 seconds (0.001 suits most programs), "
            f"not {interval!r}"
        )
    return seconds
