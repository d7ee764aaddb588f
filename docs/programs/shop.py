"""Totals the orders of a shop, and prints its best customers."""

import json
import random
import time
from collections import Counter

NAMES = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gwen", "Hugo"]


def make_answer(count):
    """What a server might answer: many orders, as JSON."""
    random.seed(1)
    orders = [
        {"customer": random.choice(NAMES), "prices": [random.randrange(1, 900) for _ in range(9)]}
        for _ in range(count)
    ]
    return json.dumps(orders)


class Shop:
    def fetch(self):
        """Stands for a server that takes its time."""
        time.sleep(0.2)
        return make_answer(20_000)

    def load(self):
        self.orders = json.loads(self.fetch())

    def total(self, order):
        return sum(price for price in order["prices"] if price > 10)

    def totals(self):
        totals = Counter()
        for order in sorted(self.orders * 5, key=str):
            totals[order["customer"]] += self.total(order)
        return totals


def main():
    shop = Shop()
    shop.load()
    for name, total in shop.totals().most_common(3):
        print(f"{name:6} {total:9}")


if __name__ == "__main__":
    main()
