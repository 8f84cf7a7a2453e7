"""``manage.py resend_confirmations 17 42``: mail customers their confirmation again."""

from django.core.management.base import BaseCommand, CommandError

from orders.emails import send_order_email
from orders.models import Order


class Command(BaseCommand):
    help = "Mail the confirmation of these orders to their customers again."

    def add_arguments(self, parser):
        parser.add_argument("order_ids", nargs="+", type=int, metavar="order-id")

    def handle(self, *args, order_ids, **options):
        orders = Order.objects.select_related("user", "shipping_address").in_bulk(order_ids)
        missing = sorted(set(order_ids) - set(orders))
        if missing:
            raise CommandError(f"There is no order {', '.join(map(str, missing))}.")
        for order in orders.values():
            send_order_email(order, order.user.email)
        self.stdout.write(self.style.SUCCESS(f"{len(orders)} confirmations sent."))
