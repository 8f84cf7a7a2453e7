from datetime import timedelta

from django.utils import timezone

from catalog.models import Review
from shop.testkit.cases import ShopTestCase
from shop.testkit.factories import make_category, make_product, make_review, make_user


class ProductListTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.lamp = make_product(name="Oak lamp", sku="LAM-1")
        cls.rug = make_product(name="Wool rug", sku="RUG-1")
        cls.hidden = make_product(name="Hidden lamp", is_active=False)

    def test_lists_what_is_for_sale(self):
        response = self.client.get("/")
        self.assertEqual(list(response.context["page"]), [self.lamp, self.rug])

    def test_finds_by_name_and_by_sku(self):
        by_name = self.client.get("/", {"q": "lamp"})
        self.assertEqual(list(by_name.context["page"]), [self.lamp])
        by_sku = self.client.get("/", {"q": "rug-1"})
        self.assertEqual(list(by_sku.context["page"]), [self.rug])

    def test_says_so_when_nothing_is_found(self):
        self.assertContains(self.client.get("/", {"q": "unicorn"}), "Nothing found.")

    def test_has_pages(self):
        for _ in range(30):
            make_product(category=self.lamp.category, supplier=self.lamp.supplier)
        response = self.client.get("/", {"page": 2})
        self.assertEqual(len(response.context["page"]), 32 - 24)


class ProductDetailTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.category = make_category("Lamps")
        cls.product = make_product(name="Oak lamp", category=cls.category)
        cls.path = f"/products/{cls.product.pk}/"

    def test_shows_the_product_and_its_category(self):
        response = self.client.get(self.path)
        self.assertContains(response, "<h1>Oak lamp</h1>")
        self.assertContains(response, "Lamps ·")
        self.assertTemplateUsed(response, "base.html")

    def test_shows_the_five_newest_reviews_with_their_authors(self):
        author = make_user("ana", first_name="Ana", last_name="Novak")
        now = timezone.now()
        for age in range(6):
            make_review(
                self.product,
                author if age == 0 else None,
                title=f"Review {age}",
                created=now - timedelta(days=age),
            )
        response = self.client.get(self.path)
        titles = [review.title for review in response.context["reviews"]]
        self.assertEqual(titles, [f"Review {age}" for age in range(5)])
        self.assertContains(response, "Ana Novak")
        self.assertTemplateUsed(response, "catalog/_review.html")

    def test_shows_four_others_of_the_category(self):
        others = [make_product(category=self.category, name=f"Lamp {n}") for n in range(5)]
        make_product(name="A rug")
        response = self.client.get(self.path)
        self.assertEqual(list(response.context["related"]), others[:4])

    def test_asks_the_database_four_times(self):
        make_product(category=self.category)
        make_review(self.product)
        make_review(self.product)
        # The product, its category, the reviews with their authors, the related products.
        with self.assertNumQueries(4):
            self.client.get(self.path)

    def test_a_missing_product_is_not_found(self):
        self.assertEqual(self.client.get("/products/0/").status_code, 404)

    def test_a_hidden_product_is_not_found(self):
        hidden = make_product(is_active=False)
        self.assertEqual(self.client.get(f"/products/{hidden.pk}/").status_code, 404)

    def test_is_read_only(self):
        self.assertEqual(self.client.post(self.path).status_code, 405)
        self.assertEqual(self.client.head(self.path).status_code, 200)


class ReviewTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.author = make_user("ana")
        cls.product = make_product()
        cls.path = f"/products/{cls.product.pk}/reviews/"

    def test_a_customer_reviews_a_product(self):
        self.client.force_login(self.author)
        response = self.client.post(self.path, {"rating": 5, "title": "Superb", "body": ""})
        self.assertRedirects(response, f"/products/{self.product.pk}/")
        review = Review.objects.get()
        self.assertEqual((review.product, review.author), (self.product, self.author))

    def test_only_once(self):
        make_review(self.product, self.author)
        self.client.force_login(self.author)
        response = self.client.post(self.path, {"rating": 1, "title": "Again"})
        self.assertContains(response, "reviewed this product already", status_code=400)
        self.assertEqual(Review.objects.count(), 1)

    def test_a_rating_is_at_most_five(self):
        self.client.force_login(self.author)
        response = self.client.post(self.path, {"rating": 6, "title": "Superb"})
        self.assertEqual(response.status_code, 400)
        self.assertFalse(Review.objects.exists())

    def test_needs_a_login(self):
        self.assertAsksForLogin(self.client.post(self.path), self.path)
