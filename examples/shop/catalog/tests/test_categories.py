from catalog.models import Category
from shop.testkit.cases import ShopTestCase
from shop.testkit.factories import make_category, make_user


class CategoryTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.lamps = make_category("Lamps")
        cls.manager = make_user(
            "manager", "catalog.add_category", "catalog.change_category", "catalog.delete_category"
        )

    def test_everybody_sees_the_list(self):
        self.assertContains(self.client.get("/categories/"), "Lamps")

    def test_a_manager_adds_one(self):
        self.client.force_login(self.manager)
        response = self.client.post("/categories/new/", {"name": "Rugs", "slug": "rugs"})
        self.assertRedirects(response, "/categories/")
        self.assertTrue(Category.objects.filter(slug="rugs").exists())

    def test_names_are_unique(self):
        self.client.force_login(self.manager)
        response = self.client.post("/categories/new/", {"name": "Lamps", "slug": "more-lamps"})
        self.assertContains(response, "already exists")

    def test_a_manager_renames_one(self):
        self.client.force_login(self.manager)
        path = f"/categories/{self.lamps.pk}/edit/"
        self.client.post(path, {"name": "Lights", "slug": "lights"})
        self.lamps.refresh_from_db()
        self.assertEqual(self.lamps.name, "Lights")

    def test_a_manager_deletes_one(self):
        self.client.force_login(self.manager)
        self.client.post(f"/categories/{self.lamps.pk}/delete/")
        self.assertFalse(Category.objects.exists())

    def test_customers_may_not(self):
        self.client.force_login(make_user())
        for path in ("/categories/new/", f"/categories/{self.lamps.pk}/delete/"):
            with self.subTest(path):
                self.assertEqual(self.client.post(path).status_code, 403)

    def test_strangers_must_log_in(self):
        self.assertAsksForLogin(self.client.get("/categories/new/"), "/categories/new/")
