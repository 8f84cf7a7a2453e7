from datetime import UTC, datetime
from decimal import Decimal

from django.contrib.auth.models import User

from orders.models import Order, Payment
from shop.testkit.cases import ShopTestCase
from shop.testkit.factories import make_order, make_product, make_user

MAY = {"start": "2026-05-01", "end": "2026-05-31"}


class SalesReportTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.manager = make_user("manager", "orders.view_sales_report")
        cls.customer = make_user("customer", date_joined=datetime(2026, 5, 3, tzinfo=UTC))
        User.objects.exclude(pk=cls.customer.pk).update(
            date_joined=datetime(2026, 1, 1, tzinfo=UTC)
        )
        lamp = make_product(price=Decimal("40.00"))
        rug = make_product(price=Decimal("2.50"))
        make_order(cls.customer, lamp, created=datetime(2026, 5, 1, 0, 0, tzinfo=UTC))
        make_order(cls.customer, lamp, rug, created=datetime(2026, 5, 31, 23, 59, tzinfo=UTC))
        make_order(cls.customer, lamp, created=datetime(2026, 6, 1, 0, 0, tzinfo=UTC))
        cancelled = make_order(
            cls.customer,
            rug,
            created=datetime(2026, 5, 9, tzinfo=UTC),
            status=Order.Status.CANCELLED,
            payment_status=Payment.Status.REFUNDED,
        )
        Payment.objects.filter(order=cancelled).update(created=cancelled.created)

    def test_adds_up_a_period(self):
        self.client.force_login(self.manager)
        context = self.client.get("/reports/sales/", MAY).context
        self.assertEqual(context["revenue"], Decimal("82.50"))
        self.assertEqual(context["basket"], Decimal("41.25"))
        self.assertEqual(context["units"], 3)
        self.assertEqual(context["refunds"], Decimal("2.50"))
        self.assertEqual(context["new_customers"], 1)

    def test_a_period_without_sales_is_all_zeros(self):
        self.client.force_login(self.manager)
        period = {"start": "2020-01-01", "end": "2020-01-31"}
        response = self.client.get("/reports/sales/", period)
        self.assertContains(response, "<tr><th>Revenue</th><td>0 EUR</td></tr>", html=True)

    def test_is_about_the_last_thirty_days_unless_asked_otherwise(self):
        make_order(self.customer, make_product(price=Decimal("1.00")))
        self.client.force_login(self.manager)
        context = self.client.get("/reports/sales/").context
        self.assertEqual(context["units"], 1)

    def test_a_period_that_ends_before_it_starts_is_refused(self):
        self.client.force_login(self.manager)
        period = {"start": "2026-05-31", "end": "2026-05-01"}
        response = self.client.get("/reports/sales/", period)
        self.assertContains(response, "ends after it starts", status_code=400)

    def test_words_are_no_dates(self):
        self.client.force_login(self.manager)
        response = self.client.get("/reports/sales/", {"start": "soon", "end": "later"})
        self.assertEqual(response.status_code, 400)

    def test_customers_may_not_see_it(self):
        self.client.force_login(self.customer)
        self.assertEqual(self.client.get("/reports/sales/", MAY).status_code, 403)

    def test_strangers_must_log_in(self):
        self.assertAsksForLogin(self.client.get("/reports/sales/"), "/reports/sales/")
