"""Tests of the shop, with some hundred orders in its database."""

import datetime
import random
from decimal import Decimal

from django.test import TestCase

from shop.models import Article, Customer, Line, Order

THINGS = ("bell", "book", "candle", "chair", "clock", "lamp", "mirror", "table", "vase", "wheel")
COLOURS = ("amber", "black", "blue", "green", "grey", "red", "violet", "white")


def fill_shop(seed: int = 1) -> None:
    """Makes 80 articles, 12 customers, and 20 orders of each."""
    chance = random.Random(seed)
    names = [f"{colour} {thing}" for colour in COLOURS for thing in THINGS]
    prices = [Decimal(chance.randrange(100, 9999)) / 100 for _ in names]
    articles = Article.objects.bulk_create(
        Article(name=name, price=price) for name, price in zip(names, prices)
    )
    for number in range(12):
        customer = Customer.objects.create(name=f"Customer {number}", discount=Decimal("0.05"))
        days = [datetime.date(2024, 1, 1) + datetime.timedelta(weeks=week) for week in range(20)]
        orders = Order.objects.bulk_create(Order(customer=customer, day=day) for day in days)
        Line.objects.bulk_create(
            Line(order=order, article=article, pieces=chance.randrange(1, 9))
            for order in orders
            for article in chance.sample(articles, k=5)
        )


class ShopTest(TestCase):
    """The filled shop."""

    @classmethod
    def setUpTestData(cls) -> None:
        fill_shop()

    def test_the_catalogue_shows_all_articles(self) -> None:
        self.assertContains(self.client.get("/"), "<li", count=80)

    def test_the_catalogue_can_be_searched(self) -> None:
        for thing in THINGS[:3]:
            page = self.client.get("/", {"word": thing})
            self.assertContains(page, thing.title(), count=len(COLOURS))
        self.assertContains(self.client.get("/", {"word": "boat"}), "Nothing like that.")

    def test_an_account_shows_all_orders(self) -> None:
        for customer in Customer.objects.all():
            pages = [self.client.get(f"/account/{customer.pk}/") for _ in range(12)]
            self.assertContains(pages[0], f"<h1>{customer.name}: ")
            self.assertContains(pages[0], "<h2>", count=20)
            self.assertEqual(len({page.content for page in pages}), 1)

    def test_there_is_no_account_of_nobody(self) -> None:
        self.assertEqual(self.client.get("/account/999/").status_code, 404)

    def test_discounts_are_taken_off(self) -> None:
        order = Order.objects.first()
        assert order is not None
        full = sum(line.price() for line in order.lines.all())
        self.assertAlmostEqual(order.total(), full * Decimal("0.95"), delta=Decimal("0.01"))

    def test_best_sellers_are_sorted(self) -> None:
        articles = self.client.get("/best-sellers/").json()["articles"]
        turnovers = [Decimal(article["turnover"]) for article in articles]
        self.assertEqual(len(turnovers), 10)
        self.assertEqual(turnovers, sorted(turnovers, reverse=True))
