"""Objects for tests; every argument can be given, none must."""

from decimal import Decimal
from itertools import count

from django.contrib.auth.models import Permission, User

from catalog.models import Category, Product, Review, Supplier
from orders.models import Address, Order, OrderItem, Payment

PASSWORD = "a test's password"
numbers = count(1)


def make_user(username="", *permissions, **fields):
    """A user, with permissions named as in ``catalog.add_category``."""
    username = username or f"user{next(numbers)}"
    user = User.objects.create_user(username, f"{username}@mail.example", PASSWORD, **fields)
    for name in permissions:
        app_label, codename = name.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app_label, codename=codename)
        )
    return user


def make_category(name=""):
    number = next(numbers)
    return Category.objects.create(name=name or f"Category {number}", slug=f"category-{number}")


def make_supplier(slug="", **fields):
    slug = slug or f"supplier-{next(numbers)}"
    return Supplier.objects.create(
        slug=slug, name=slug.title(), contact_email=f"sales@{slug}.example", **fields
    )


def make_product(**fields):
    number = next(numbers)
    fields.setdefault("price", Decimal("9.95"))
    fields.setdefault("name", f"Product {number}")
    fields.setdefault("sku", f"SKU-{number}")
    fields.setdefault("stock", 10)
    category = fields.pop("category", None) or make_category()
    supplier = fields.pop("supplier", None) or make_supplier()
    return Product.objects.create(category=category, supplier=supplier, **fields)


def make_review(product, author=None, **fields):
    fields.setdefault("rating", 4)
    fields.setdefault("title", "Good")
    return Review.objects.create(product=product, author=author or make_user(), **fields)


def make_address(user, **fields):
    fields.setdefault("recipient", "R. Ecipient")
    return Address.objects.create(
        user=user, street="Mill Lane 1", postcode="1000 AB", city="Delft", **fields
    )


def make_order(user, *products, payment_status=Payment.Status.PAID, **fields):
    """An order with one item for each product, and its payment."""
    address = user.addresses.first() or make_address(user)
    total = sum((product.price for product in products), Decimal(0))
    order = Order.objects.create(user=user, shipping_address=address, total=total, **fields)
    for product in products:
        OrderItem.objects.create(order=order, product=product, quantity=1, unit_price=product.price)
    Payment.objects.create(order=order, amount=total, method="card", status=payment_status)
    return order
