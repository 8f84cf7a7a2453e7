"""Orders of customers, with items."""

from django.db import models


class Customer(models.Model):
    """Who buys."""

    name = models.CharField(max_length=40)


class Order(models.Model):
    """What one customer bought at once."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="orders")
    total = models.IntegerField(default=0)


class Item(models.Model):
    """One line of an order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="items")
    name = models.CharField(max_length=40)
