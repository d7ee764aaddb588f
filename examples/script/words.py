"""Counts words in a text that it makes up, and shows where the time of one part goes.

`spinetail examples/script/words.py` profiles all of it. Run by itself, it profiles `count` alone.
"""

import random
import time
from collections import Counter
from typing import Dict, List

import spinetail

SYLLABLES = ["ba", "do", "ki", "lu", "me", "no", "ra", "si", "ti", "vo"]


def make_text(length: int) -> List[str]:
    random.seed(1)
    return ["".join(random.choices(SYLLABLES, k=2)) for _ in range(length)]


def fetch() -> None:
    """Stands for a server that takes its time."""
    time.sleep(0.2)


def count(words: List[str]) -> Dict[str, int]:
    return Counter(word.capitalize() for word in words)


def main() -> None:
    fetch()
    words = make_text(200_000)
    with spinetail.profile():
        counts = count(words)
    print(f"{len(counts)} different words")


if __name__ == "__main__":
    main()
