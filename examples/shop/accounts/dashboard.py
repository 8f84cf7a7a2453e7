"""What a customer's dashboard shows, and what the weekly digest repeats."""

from decimal import Decimal

from django.db.models import Count, Sum

from orders.models import Order

from .models import Notification


def fetch_user_data(user):
    """Name, contact details and addresses of ``user``."""
    profile = user.profile
    addresses = list(user.addresses.all())
    return {
        "name": user.get_full_name() or user.get_username(),
        "email": user.email,
        "phone": profile.phone,
        "newsletter": profile.newsletter,
        "addresses": addresses,
    }


def fetch_notifications(user, limit=10):
    """The newest unread notifications, and how many there are in all."""
    unread = Notification.objects.filter(user=user).unread()
    return {"newest": list(unread.newest()[:limit]), "count": unread.count()}


def fetch_stats(user):
    """What ``user`` bought so far."""
    orders = Order.objects.filter(user=user).revenue()
    totals = orders.aggregate(count=Count("pk"), spent=Sum("total"))
    latest = orders.first()
    reviews = user.reviews.count()
    return {
        "orders": totals["count"],
        "spent": totals["spent"] or Decimal(0),
        "latest": latest,
        "reviews": reviews,
    }
