import json
from decimal import Decimal

from django.test import override_settings

from shop.testkit.cases import ShopTestCase
from shop.testkit.factories import make_product, make_supplier
from upstream import SUPPLIER_DOWN, SUPPLIER_GARBLED


class PriceComparisonTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.cheap = make_supplier("cheap")
        cls.dear = make_supplier("dear")
        cls.product = make_product(sku="LAM-1", supplier=cls.cheap)
        cls.path = f"/products/{cls.product.pk}/prices/"

    def set_price(self, supplier, value):
        path = f"/suppliers/{supplier.slug}/price/LAM-1"
        self.upstream.answers[path] = (200, b"application/json", json.dumps(value).encode())

    def test_the_lowest_quote_wins(self):
        self.set_price(self.cheap, {"price": "7.50"})
        self.set_price(self.dear, {"price": "8.00"})
        response = self.client.get(self.path)
        self.assertEqual(response.context["best"].supplier, self.cheap)
        self.assertContains(response, "Best: 7.50 EUR from Cheap.")

    def test_quotes_are_in_the_order_of_the_suppliers_names(self):
        make_supplier("anchor-supply")
        response = self.client.get(self.path)
        suppliers = [quote.supplier.slug for quote in response.context["quotes"]]
        self.assertEqual(suppliers, ["anchor-supply", "cheap", "dear"])

    def test_one_that_is_down_does_not_spoil_it(self):
        down = make_supplier(SUPPLIER_DOWN)
        with self.assertLogs("catalog.views", "WARNING"):
            response = self.client.get(self.path)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.context["silent"], [down])
        self.assertEqual(len(response.context["quotes"]), 2)

    def test_nor_does_one_that_sends_no_json(self):
        garbled = make_supplier(SUPPLIER_GARBLED)
        response = self.client.get(self.path)
        self.assertEqual(response.context["silent"], [garbled])

    def test_nor_does_one_that_forgets_the_price_or_sends_words(self):
        self.set_price(self.cheap, {"sku": "LAM-1"})
        self.set_price(self.dear, {"price": "on request"})
        response = self.client.get(self.path)
        self.assertEqual(response.context["silent"], [self.cheap, self.dear])

    def test_inactive_suppliers_are_not_asked(self):
        make_supplier("retired", is_active=False)
        self.client.get(self.path)
        self.assertCountEqual(
            self.upstream.asked, ["/suppliers/cheap/price/LAM-1", "/suppliers/dear/price/LAM-1"]
        )

    @override_settings(SUPPLIERS_API_URL="http://127.0.0.1:9/suppliers")
    def test_without_any_quote_the_gateway_is_bad(self):
        response = self.client.get(self.path)
        self.assertContains(response, "No supplier answers now.", status_code=502)

    def test_prices_are_decimals(self):
        self.set_price(self.cheap, {"price": "0.10"})
        response = self.client.get(self.path)
        self.assertEqual(response.context["best"].price, Decimal("0.10"))

    def test_a_missing_product_asks_nobody(self):
        self.assertEqual(self.client.get("/products/0/prices/").status_code, 404)
        self.assertEqual(self.upstream.asked, [])
