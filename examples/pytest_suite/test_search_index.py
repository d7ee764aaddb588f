"""An index of some hundred texts, and questions to it."""

import random
from typing import Iterator, List

import pytest
from search_index import SearchIndex, stem, words

SYLLABLES = ["ba", "den", "fo", "gir", "lu", "mas", "ne", "pol", "ra", "sto", "tum", "vi"]


def vocabulary(size: int) -> List[str]:
    chance = random.Random(size)
    return ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(size)]


def write_texts(number: int, length: int) -> Iterator[str]:
    """Texts with common and rare words, the same each time."""
    chance = random.Random(number)
    known = vocabulary(2000)
    weights = [1 / (rank + 1) for rank in range(len(known))]
    for _ in range(number):
        yield " ".join(chance.choices(known, weights, k=length))


@pytest.mark.parametrize(
    "word, stemmed",
    [("walks", "walk"), ("walked", "walk"), ("walking", "walk"), ("sing", "sing"), ("is", "is")],
)
def test_stems(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


def test_words_are_found_whatever_stands_between() -> None:
    assert list(words("Walk, don't 7 (RUN)!")) == ["walk", "don", "t", "run"]


def test_texts_are_found_by_their_own_words() -> None:
    index = SearchIndex()
    texts = list(write_texts(600, length=600))
    for number, text in enumerate(texts):
        index.add(f"text {number}", text)
    for number, text in list(enumerate(texts))[::20]:
        (title, score), *others = index.search(text)
        assert title == f"text {number}"
        assert all(score > other for _, other in others)


def test_rare_words_count_more() -> None:
    index = SearchIndex()
    for number in range(50):
        index.add(f"common {number}", "bird tree river " * 20)
    index.add("rare", "bird spinetail " * 20)
    assert index.search("spinetail bird", limit=1)[0][0] == "rare"


def test_nothing_is_found_for_unknown_words() -> None:
    index = SearchIndex()
    index.add("one", "bird tree")
    assert index.search("fish") == []
