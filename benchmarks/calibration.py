"""How long the functions of `alternate` really take, found without any profiler.

They can't be timed one call at a time: reading the clock takes a tenth as long as they do. So loops
are timed. `alternate`'s round of calls is one loop; for each function there is another one with a
call of it woven in after each call of the round. The difference is what those calls take, in the
company in which `alternate` makes them.

That still holds the caller's part of a call, which a profiler rightly shows as the caller's own.
The same difference for an empty function is nearly that: it is too much by the time inside of the
empty function, which can't be told. So half of it is taken off, and half counts as possible error.

The clock is the thread's CPU clock: what other processes take from it is not the functions' doing.
"""

import random
import statistics
import time
from typing import Callable, Dict, List, NamedTuple, Sequence

import known_programs
from tables import quantile

EMPTY = "nothing"
RESAMPLES = 300


class Truth(NamedTuple):
    """Each function's share of the time of all, and how far each may be off, both in percent."""

    shares: Dict[str, float]
    error: float


class Calibration:
    """Times the loops again and again; `truth` makes shares of all that was timed."""

    def __init__(self, functions: Sequence[str]) -> None:
        base = list(known_programs.ROUND)
        self.functions = list(functions)
        self.loops: Dict[str, Callable[[int], None]] = {"": known_programs.timing_loop(base)}
        for name in [*self.functions, EMPTY]:
            woven = [call for original in base for call in (original, name)]
            self.loops[name] = known_programs.timing_loop(woven)
        self.batches: List[Dict[str, List[float]]] = []

    def run(self, rounds: int = 500, count: int = 50) -> None:
        """Times every loop `rounds` times, in turn; nothing if there is no function to time."""
        if not self.functions:
            return
        times: Dict[str, List[float]] = {name: [] for name in self.loops}
        for _ in range(rounds):
            for name, loop in self.loops.items():
                begin = time.thread_time()
                loop(count)
                times[name].append((time.thread_time() - begin) / count)
        self.batches.append(times)

    def truth(self) -> Truth:
        """The shares over all batches.

        The error adds up: chance (half of the 5 to 95 % interval when the timings are drawn again),
        drift (half of the difference between batches), and what an empty function takes inside.
        """
        everything = {
            name: [seconds for batch in self.batches for seconds in batch[name]]
            for name in self.loops
        }
        shares = self._shares(everything, 0.5)
        draws = [self._shares(redraw(everything, random.Random(k)), 0.5) for k in range(RESAMPLES)]
        batches = [self._shares(batch, 0.5) for batch in self.batches]
        least, most = self._shares(everything, 0), self._shares(everything, 1)
        error = 0.0
        for name in self.functions:
            drawn = sorted(draw[name] for draw in draws)
            chance = (quantile(drawn, 0.95) - quantile(drawn, 0.05)) / 2
            seen = [batch[name] for batch in batches]
            drift = (max(seen) - min(seen)) / 2
            unknown = abs(most[name] - least[name]) / 2
            error = max(error, chance + drift + unknown)
        return Truth(shares, error)

    def _shares(self, times: Dict[str, List[float]], caller_part: float) -> Dict[str, float]:
        medians = {name: statistics.median(seconds) for name, seconds in times.items()}
        calls = len(known_programs.ROUND)
        empty = (medians[EMPTY] - medians[""]) / calls
        weights = {}
        for name in self.functions:
            one = (medians[name] - medians[""]) / calls - caller_part * empty
            weights[name] = known_programs.ROUND.count(name) * one
        total = sum(weights.values())
        return {name: 100 * weight / total for name, weight in weights.items()}


def redraw(times: Dict[str, List[float]], chance: random.Random) -> Dict[str, List[float]]:
    """As many timings of each loop, drawn at random from them."""
    return {name: chance.choices(seconds, k=len(seconds)) for name, seconds in times.items()}
