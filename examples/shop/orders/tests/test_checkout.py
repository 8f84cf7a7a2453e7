import json
from decimal import Decimal

from django.core import mail
from django.db.models.signals import pre_save

from accounts.models import Notification
from orders.models import Order, OrderItem, Payment
from shop.testkit.cases import ShopTestCase
from shop.testkit.factories import make_address, make_product, make_user


class CheckoutTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.alice = make_user("alice")
        cls.address = make_address(cls.alice)
        cls.lamp = make_product(sku="LAM-1", price=Decimal("40.00"), stock=3, units_sold=7)
        cls.rug = make_product(sku="RUG-1", price=Decimal("2.50"), stock=5)

    def setUp(self):
        super().setUp()
        self.client.force_login(self.alice)

    def check_out(self, cart, address=None):
        fields = {"cart": json.dumps(cart), "address": (address or self.address).pk}
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post("/checkout/", fields)

    def assertNothingHappened(self):
        self.lamp.refresh_from_db()
        self.assertEqual(self.lamp.stock, 3)
        self.assertFalse(Order.objects.exists())
        self.assertFalse(OrderItem.objects.exists())
        self.assertFalse(Notification.objects.exists())
        self.assertEqual(mail.outbox, [])

    def test_makes_an_order_of_the_cart(self):
        response = self.check_out({"LAM-1": 1, "RUG-1": 2})
        order = Order.objects.get()
        self.assertRedirects(
            response, f"/orders/{order.pk}/confirm/", fetch_redirect_response=False
        )
        self.assertEqual(self.messages_of(response), [f"Thank you for your order {order.number}."])
        self.assertEqual((order.user, order.total), (self.alice, Decimal("45.00")))
        lines = order.items.values_list("product__sku", "quantity", "unit_price")
        self.assertEqual(
            list(lines), [("LAM-1", 1, Decimal("40.00")), ("RUG-1", 2, Decimal("2.50"))]
        )
        payment = Payment.objects.get()
        self.assertEqual((payment.order, payment.amount), (order, order.total))

    def test_takes_the_articles_from_stock(self):
        self.check_out({"LAM-1": 3})
        self.lamp.refresh_from_db()
        self.rug.refresh_from_db()
        self.assertEqual((self.lamp.stock, self.lamp.units_sold), (0, 10))
        self.assertEqual((self.rug.stock, self.rug.units_sold), (5, 0))

    def test_tells_the_warehouse_and_notifies_the_customer(self):
        self.check_out({"LAM-1": 1, "RUG-1": 2})
        order = Order.objects.get()
        (message,) = mail.outbox
        self.assertEqual(message.to, ["warehouse@shop.example"])
        self.assertEqual(message.subject, f"Pick {order.number}")
        self.assertEqual(message.body, "1 x LAM-1\n2 x RUG-1")
        notification = Notification.objects.get()
        self.assertEqual(notification.user, self.alice)
        self.assertIn(order.number, notification.message)

    def test_too_many_is_a_conflict_and_nothing_is_ordered(self):
        response = self.check_out({"RUG-1": 1, "LAM-1": 4})
        self.assertContains(response, "We do not have enough of LAM-1.", status_code=409)
        self.assertNothingHappened()

    def test_an_unknown_article_is_a_conflict(self):
        response = self.check_out({"UNI-1": 1})
        self.assertContains(response, "UNI-1", status_code=409)

    def test_an_article_that_was_taken_off_sale_is_a_conflict(self):
        self.lamp.is_active = False
        self.lamp.save()
        self.assertEqual(self.check_out({"LAM-1": 1}).status_code, 409)

    def test_an_empty_cart_goes_back_to_the_cart(self):
        response = self.check_out({})
        self.assertRedirects(response, "/cart/", fetch_redirect_response=False)
        self.assertEqual(self.messages_of(response), ["Your cart is empty."])
        self.assertNothingHappened()

    def test_somebody_elses_address_is_refused(self):
        theirs = make_address(make_user("bob"))
        response = self.check_out({"LAM-1": 1}, address=theirs)
        self.assertEqual(response.status_code, 400)
        self.assertNothingHappened()

    def test_carts_that_make_no_sense_are_refused(self):
        for cart in (["LAM-1"], {"LAM-1": 0}, {"LAM-1": "1"}, {"LAM-1": 100}, {"LAM-1": True}):
            with self.subTest(cart):
                self.assertEqual(self.check_out(cart).status_code, 400)
        garbled = {"cart": "{", "address": self.address.pk}
        self.assertEqual(self.client.post("/checkout/", garbled).status_code, 400)
        self.assertNothingHappened()

    def test_a_failure_half_way_leaves_nothing_behind(self):
        def fail(**kwargs):
            raise RuntimeError("the disk is full")

        pre_save.connect(fail, sender=Payment)
        self.addCleanup(pre_save.disconnect, fail, sender=Payment)
        with self.assertRaisesMessage(RuntimeError, "the disk is full"):
            self.check_out({"LAM-1": 1})
        self.assertNothingHappened()

    def test_needs_a_login(self):
        self.client.logout()
        self.assertAsksForLogin(self.client.post("/checkout/"), "/checkout/")

    def test_is_for_posting(self):
        self.assertEqual(self.client.get("/checkout/").status_code, 405)

    def test_the_cart_offers_her_addresses_only(self):
        make_address(make_user("bob"), recipient="Bob")
        response = self.client.get("/cart/")
        self.assertContains(response, "R. Ecipient")
        self.assertNotContains(response, "Bob")
