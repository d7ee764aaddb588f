"""Tests, some of which are slow: the profile of each shows why."""

import time


def fetch_stock() -> list[int]:
    """Stands for a database that takes its time."""
    time.sleep(0.2)
    return [3, 4, 5]


def add_up(prices: list[int]) -> int:
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        total = sum(prices)
    return total


def test_there_is_something_in_stock() -> None:
    assert fetch_stock()


def test_prices_are_added_up() -> None:
    assert add_up([3, 4, 5]) == 12
