from django.test import TestCase

from shop.testkit.factories import make_order, make_product, make_review, make_user

MODELS = [
    "accounts/notification", "accounts/profile", "articles/article", "catalog/category",
    "catalog/product", "catalog/review", "catalog/supplier", "media_library/document",
    "orders/address", "orders/order",
]  # fmt: skip


class AdminTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.admin = make_user("admin", is_staff=True, is_superuser=True)
        cls.product = make_product()
        make_review(cls.product, cls.admin)
        cls.order = make_order(cls.admin, cls.product)

    def test_every_list_works(self):
        self.client.force_login(self.admin)
        for model in MODELS:
            with self.subTest(model):
                self.assertEqual(self.client.get(f"/admin/{model}/").status_code, 200)

    def test_an_order_shows_its_items_and_payment(self):
        self.client.force_login(self.admin)
        response = self.client.get(f"/admin/orders/order/{self.order.pk}/change/")
        self.assertContains(response, "items-0-quantity")
        self.assertContains(response, "payment-0-amount")

    def test_customers_may_not_enter(self):
        self.client.force_login(make_user())
        self.assertEqual(self.client.get("/admin/").status_code, 302)
