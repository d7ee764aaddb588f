"""Finds the texts that fit a question best."""

import math
import re
from collections import Counter, defaultdict
from typing import Dict, Iterator, List, Tuple

WORD = re.compile(r"[a-z]+")
ENDINGS = ("ings", "ing", "edly", "ed", "es", "s", "ly")


def words(text: str) -> Iterator[str]:
    """The words of a text, without their endings."""
    for match in WORD.finditer(text.lower()):
        yield stem(match.group())


def stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


class SearchIndex:
    """Which word stands how often in which text."""

    def __init__(self) -> None:
        self.titles: List[str] = []
        self.lengths: List[float] = []
        self.postings: Dict[str, Dict[int, int]] = defaultdict(dict)

    def add(self, title: str, text: str) -> None:
        number = len(self.titles)
        counts = Counter(words(text))
        self.titles.append(title)
        self.lengths.append(math.sqrt(sum(count * count for count in counts.values())))
        for word, count in counts.items():
            self.postings[word][number] = count

    def search(self, question: str, limit: int = 5) -> List[Tuple[str, float]]:
        """The best texts and their scores: rare words count more, long texts less."""
        scores: Dict[int, float] = defaultdict(float)
        for word in words(question):
            found = self.postings.get(word, {})
            if found:
                weight = math.log(1 + len(self.titles) / len(found))
                for number, count in found.items():
                    scores[number] += weight * count / self.lengths[number]
        best = sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))
        return [(self.titles[number], score) for number, score in best[:limit]]
