import json

from django.test import override_settings

from orders.models import Order
from shop.testkit.cases import ShopTestCase
from shop.testkit.factories import make_order, make_product, make_user


class TrackingTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.alice = make_user("alice")
        cls.order = make_order(
            cls.alice, make_product(), make_product(), status=Order.Status.SHIPPED
        )
        cls.path = f"/orders/{cls.order.pk}/tracking/"

    def setUp(self):
        super().setUp()
        self.client.force_login(self.alice)

    def set_events(self, *names):
        value = {"events": [{"event": name} for name in names]}
        path = f"/shipping/parcels/{self.order.number}"
        self.upstream.answers[path] = (200, b"application/json", json.dumps(value).encode())

    def test_tells_where_the_parcel_is(self):
        self.set_events("accepted", "sorted")
        self.assertEqual(
            self.client.get(self.path).json(),
            {
                "order": self.order.number,
                "status": "shipped",
                "articles": 2,
                "delivered": False,
                "events": [{"event": "accepted"}, {"event": "sorted"}],
            },
        )

    def test_tells_that_it_is_there(self):
        self.set_events("accepted", "delivered")
        self.assertIs(self.client.get(self.path).json()["delivered"], True)

    def test_a_parcel_without_events_is_not_delivered(self):
        self.set_events()
        self.assertIs(self.client.get(self.path).json()["delivered"], False)

    def test_the_carrier_is_not_asked_before_the_parcel_leaves(self):
        self.order.status = Order.Status.PAID
        self.order.save()
        self.assertEqual(self.client.get(self.path).json()["status"], "paid")
        self.assertEqual(self.upstream.asked, [])

    def test_a_carrier_with_trouble_is_a_bad_gateway(self):
        self.upstream.answers[f"/shipping/parcels/{self.order.number}"] = (500, b"text/plain", b"")
        with self.assertLogs("orders.views", "ERROR"):
            response = self.client.get(self.path)
        self.assertEqual(response.status_code, 502)
        self.assertEqual(response.json(), {"error": "The carrier does not answer."})

    @override_settings(SHIPPING_API_URL="http://127.0.0.1:9/shipping")
    def test_so_is_one_that_cannot_be_reached(self):
        self.assertEqual(self.client.get(self.path).status_code, 502)

    def test_somebody_elses_order_is_not_found(self):
        self.client.force_login(make_user("bob"))
        self.assertEqual(self.client.get(self.path).status_code, 404)
        self.assertEqual(self.upstream.asked, [])

    def test_needs_a_login(self):
        self.client.logout()
        self.assertAsksForLogin(self.client.get(self.path), self.path)
