"""Orders, what is in them, where they go and how they are paid."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


class Address(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses"
    )
    recipient = models.CharField(max_length=120)
    street = models.CharField(max_length=160)
    postcode = models.CharField(max_length=12)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2, default="NL")

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "addresses"

    def __str__(self):
        return f"{self.recipient}, {self.street}, {self.postcode} {self.city}"


class OrderQuerySet(models.QuerySet):
    def placed_between(self, start, end):
        """Those placed from the first moment of ``start`` to the last of ``end``."""
        return self.filter(created__date__range=(start, end))

    def revenue(self):
        """Those whose money we keep."""
        return self.exclude(status=Order.Status.CANCELLED)


class Order(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        PAID = "paid", "Paid"
        SHIPPED = "shipped", "Shipped"
        CANCELLED = "cancelled", "Cancelled"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="orders"
    )
    shipping_address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="orders")
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    total = models.DecimalField(max_digits=10, decimal_places=2)
    created = models.DateTimeField(default=timezone.now, db_index=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        permissions = [("view_sales_report", "Can view the sales report")]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("orders:confirmation", args=[self.pk])

    @property
    def number(self):
        """What customers, the warehouse and the carrier call this order."""
        return f"CS-{self.pk:06d}"


class OrderItem(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, related_name="order_items"
    )
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=9, decimal_places=2)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.quantity} × {self.product}"

    @property
    def subtotal(self):
        return self.quantity * self.unit_price


class Payment(models.Model):
    class Status(models.TextChoices):
        OPEN = "open", "Open"
        PAID = "paid", "Paid"
        REFUNDED = "refunded", "Refunded"

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="payment")
    method = models.CharField(max_length=20, default="invoice")
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    created = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.get_status_display()} payment of {self.amount} by {self.method}"
