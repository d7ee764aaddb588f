"""What the shop keeps."""

from decimal import Decimal

from django.db import models


class Article(models.Model):
    """A thing to sell."""

    name = models.CharField(max_length=80, unique=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        ordering = ["name"]


class Customer(models.Model):
    """Somebody who buys."""

    name = models.CharField(max_length=80)
    discount = models.DecimalField(max_digits=4, decimal_places=2, default=Decimal(0))

    def statement(self) -> "list[tuple[Order, Decimal]]":
        """The customer's orders by their days, and what each costs."""
        orders = self.orders.prefetch_related("lines__article").order_by("day")
        return [(order, order.total()) for order in orders]


class Order(models.Model):
    """What a customer buys at once."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="orders")
    day = models.DateField()

    def total(self) -> Decimal:
        """The price of all lines, less the discount."""
        full = sum((line.price() for line in self.lines.all()), Decimal(0))
        return (full * (1 - self.customer.discount)).quantize(Decimal("0.01"))


class Line(models.Model):
    """Some pieces of an article in an order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    article = models.ForeignKey(Article, models.PROTECT)
    pieces = models.PositiveIntegerField()

    def price(self) -> Decimal:
        return self.pieces * self.article.price
