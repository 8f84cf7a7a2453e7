import json
from decimal import Decimal

from django.test import override_settings

from shop.testkit.cases import ShopTestCase
from shop.testkit.factories import make_product, make_review


class OverviewTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.quiet = make_product(name="Quiet seller", units_sold=2)
        cls.best = make_product(name="Best seller", units_sold=90)
        cls.hidden = make_product(name="Hidden seller", units_sold=99, is_active=False)
        make_review(cls.best, rating=5)
        make_review(cls.best, rating=2)

    def test_counts_what_customers_can_see(self):
        response = self.client.get("/overview/")
        self.assertEqual(response.context["product_count"], 2)
        self.assertContains(response, "2 products; 2 reviews give us 3.50 out of 5.")

    def test_best_sellers_come_first_and_hidden_ones_not_at_all(self):
        response = self.client.get("/overview/")
        self.assertEqual(response.context["best_sellers"], [self.best, self.quiet])

    def test_asks_for_the_rates_of_our_currency(self):
        response = self.client.get("/overview/")
        self.assertEqual(self.upstream.asked, ["/rates?base=EUR"])
        self.assertContains(response, "1 EUR = 1.1418 USD")

    def test_leaves_the_rates_out_when_the_service_is_down(self):
        self.upstream.answers["/rates"] = (503, b"text/plain", b"maintenance")
        response = self.client.get("/overview/")
        self.assertEqual(response.status_code, 200)
        self.assertNotContains(response, "exchange rates")

    def test_an_empty_shop_has_a_page_too(self):
        for product in (self.best, self.quiet, self.hidden):
            product.delete()
        response = self.client.get("/overview/")
        self.assertContains(response, "0 products; 0 reviews")

    @override_settings(SHOP_CURRENCY="USD")
    def test_the_currency_is_a_setting(self):
        rates = {"rates": {"EUR": "0.8758"}}
        self.upstream.answers["/rates"] = (200, b"application/json", json.dumps(rates).encode())
        response = self.client.get("/overview/")
        self.assertEqual(self.upstream.asked, ["/rates?base=USD"])
        self.assertContains(response, "1 USD = 0.8758 EUR")

    def test_is_read_only(self):
        self.assertEqual(self.client.post("/overview/").status_code, 405)

    def test_prices_are_exact(self):
        self.best.price = Decimal("0.10")
        self.best.save()
        self.assertContains(self.client.get("/overview/"), "0.10 EUR")
