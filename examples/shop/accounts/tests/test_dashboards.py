from decimal import Decimal
from io import StringIO

from django.core import mail
from django.core.management import call_command

from accounts.dashboard import fetch_stats
from accounts.models import Notification
from orders.models import Order
from shop.testkit.cases import ShopTestCase
from shop.testkit.factories import make_address, make_order, make_product, make_review, make_user


class AccountDashboardTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.alice = make_user("alice", first_name="Alice", last_name="Smit")
        cls.product = make_product(price=Decimal("12.50"))

    def setUp(self):
        super().setUp()
        self.client.force_login(self.alice)

    def test_greets_a_new_customer(self):
        response = self.client.get("/account/")
        self.assertContains(response, "Hello Alice Smit")
        self.assertContains(response, "You placed 0 orders worth 0 EUR and wrote 0 reviews.")

    def test_shows_her_own_figures(self):
        make_order(self.alice, self.product)
        latest = make_order(self.alice, self.product, self.product)
        make_order(make_user(), self.product)
        make_review(self.product, self.alice)
        response = self.client.get("/account/")
        self.assertContains(response, "You placed 2 orders worth 37.50 EUR and wrote 1 reviews.")
        self.assertContains(response, latest.get_absolute_url())

    def test_cancelled_orders_do_not_count(self):
        make_order(self.alice, self.product, status=Order.Status.CANCELLED)
        self.assertEqual(fetch_stats(self.alice)["orders"], 0)

    def test_shows_the_ten_newest_unread_notifications(self):
        for number in range(12):
            Notification.objects.create(user=self.alice, message=f"Note {number}.")
        Notification.objects.create(user=self.alice, message="Read.", is_read=True)
        Notification.objects.create(user=make_user(), message="Not hers.")
        response = self.client.get("/account/")
        newest = [note.message for note in response.context["notifications"]["newest"]]
        self.assertEqual(newest, [f"Note {number}." for number in range(11, 1, -1)])
        self.assertContains(response, "12 notifications")

    def test_lists_her_addresses(self):
        make_address(self.alice, recipient="A. Smit")
        self.assertContains(self.client.get("/account/"), "A. Smit, Mill Lane 1")

    def test_needs_a_login(self):
        self.client.logout()
        self.assertAsksForLogin(self.client.get("/account/"), "/account/")


class UserDashboardTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.alice = make_user("alice")
        cls.alice.profile.billing_id = "cus_1"
        cls.alice.profile.save()

    def test_joins_billing_and_analytics(self):
        self.client.force_login(self.alice)
        data = self.client.get("/dashboard/").json()
        self.assertEqual(data["billing"]["customer"], "cus_1")
        self.assertEqual(data["analytics"]["user"], self.alice.pk)
        self.assertCountEqual(
            self.upstream.asked,
            ["/billing/customers/cus_1", f"/analytics/user/{self.alice.pk}"],
        )

    def test_a_customer_whom_billing_does_not_know_is_told(self):
        self.alice.profile.billing_id = "cus_closed1"
        self.alice.profile.save()
        self.client.force_login(self.alice)
        response = self.client.get("/dashboard/")
        self.assertEqual(response.status_code, 502)
        self.assertEqual(response.json(), {"error": "Your figures are not available now."})

    def test_so_it_is_when_analytics_is_down(self):
        self.upstream.answers[f"/analytics/user/{self.alice.pk}"] = (503, b"text/plain", b"")
        self.client.force_login(self.alice)
        self.assertEqual(self.client.get("/dashboard/").status_code, 502)

    def test_needs_a_login_before_anything_is_asked(self):
        self.assertAsksForLogin(self.client.get("/dashboard/"), "/dashboard/")
        self.assertEqual(self.upstream.asked, [])

    def test_is_read_only(self):
        self.client.force_login(self.alice)
        self.assertEqual(self.client.post("/dashboard/").status_code, 405)


class DigestTests(ShopTestCase):
    def test_goes_to_those_who_take_the_newsletter(self):
        alice, bob = make_user("alice"), make_user("bob")
        alice.profile.newsletter = True
        alice.profile.save()
        make_order(alice, make_product())
        make_order(bob, make_product())
        out = StringIO()
        call_command("send_digest", stdout=out)
        self.assertIn("1 digests sent.", out.getvalue())
        self.assertEqual([message.to for message in mail.outbox], [["alice@mail.example"]])
        self.assertIn("you placed 1 orders", mail.outbox[0].body)
