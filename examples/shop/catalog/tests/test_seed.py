from io import StringIO

from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import TestCase

from accounts.models import Profile
from articles.models import Article
from catalog.models import Category, Product, Review, Supplier
from orders.models import Order, OrderItem, Payment


class SeedTests(TestCase):
    def test_fills_the_shop_once(self):
        out = StringIO()
        call_command("seed", stdout=out)
        call_command("seed", stdout=out)
        self.assertIn("There is data already", out.getvalue())
        counts = {
            model.__name__: model.objects.count()
            for model in (
                Article, Category, Order, OrderItem, Payment, Product, Profile, Review, Supplier,
                User,
            )
        }  # fmt: skip
        self.assertEqual(
            counts,
            {
                "Article": 40,
                "Category": 20,
                "Order": 3000,
                "OrderItem": 9000,
                "Payment": 3000,
                "Product": 320,
                "Profile": 200,
                "Review": 5200,
                "Supplier": 8,
                "User": 200,
            },
        )
        alice = User.objects.get(username="alice")
        self.assertTrue(alice.check_password("correct-horse-battery"))
        self.assertTrue(User.objects.get(username="staff").has_perm("orders.view_sales_report"))
