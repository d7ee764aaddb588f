"""Customers, articles, orders, and pages about them."""
