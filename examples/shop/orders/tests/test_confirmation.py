from decimal import Decimal
from io import StringIO

from django.core import mail
from django.core.management import CommandError, call_command

from shop.testkit.cases import ShopTestCase
from shop.testkit.factories import make_address, make_order, make_product, make_user


class ConfirmationTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.alice = make_user("alice")
        make_address(cls.alice, recipient="A. Smit & Co")
        cls.order = make_order(
            cls.alice,
            make_product(name="Oak lamp", price=Decimal("40.00")),
            make_product(name="Wool rug", price=Decimal("2.50")),
        )
        cls.path = f"/orders/{cls.order.pk}/confirm/"

    def test_shows_what_was_ordered(self):
        self.client.force_login(self.alice)
        response = self.client.get(self.path)
        self.assertContains(response, "Oak lamp")
        self.assertContains(response, "2.50 EUR")
        self.assertContains(response, "Total 42.50 EUR: paid, by card.")
        self.assertEqual(len(response.context["items"]), 2)

    def test_mails_the_customer(self):
        self.client.force_login(self.alice)
        self.client.get(self.path)
        (message,) = mail.outbox
        self.assertEqual(message.to, ["alice@mail.example"])
        self.assertEqual(message.subject, f"Your order {self.order.number}")
        self.assertIn("42.50", message.body)
        self.assertIn("A. Smit & Co, Mill Lane 1", message.body)

    def test_somebody_elses_order_is_forbidden(self):
        self.client.force_login(make_user("bob"))
        response = self.client.get(self.path)
        self.assertEqual(response.status_code, 403)
        self.assertEqual(mail.outbox, [])

    def test_strangers_must_log_in(self):
        response = self.client.get(self.path)
        self.assertRedirects(response, "/login/", fetch_redirect_response=False)
        self.assertEqual(mail.outbox, [])

    def test_a_missing_order_is_not_found(self):
        self.client.force_login(self.alice)
        self.assertEqual(self.client.get("/orders/0/confirm/").status_code, 404)

    def test_an_order_without_a_payment_is_an_error(self):
        self.order.payment.delete()
        self.client.force_login(self.alice)
        self.client.raise_request_exception = False
        self.assertEqual(self.client.get(self.path).status_code, 500)
        self.assertEqual(mail.outbox, [])


class ResendTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.order = make_order(make_user("alice"), make_product())

    def test_mails_again(self):
        out = StringIO()
        call_command("resend_confirmations", str(self.order.pk), stdout=out)
        self.assertIn("1 confirmations sent.", out.getvalue())
        self.assertEqual(mail.outbox[0].to, ["alice@mail.example"])

    def test_names_the_orders_that_are_missing_and_mails_nobody(self):
        with self.assertRaisesMessage(CommandError, "There is no order 0."):
            call_command("resend_confirmations", str(self.order.pk), "0")
        self.assertEqual(mail.outbox, [])
