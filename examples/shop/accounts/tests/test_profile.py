from accounts.models import Profile
from shop.testkit.cases import ShopTestCase
from shop.testkit.factories import PASSWORD, make_user


class ProfileTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.alice = make_user("alice")

    def test_every_user_gets_one(self):
        self.assertEqual(Profile.objects.get().user, self.alice)

    def test_is_made_once(self):
        self.alice.first_name = "Alice"
        self.alice.save()
        self.assertEqual(Profile.objects.count(), 1)

    def test_can_be_changed(self):
        self.client.force_login(self.alice)
        response = self.client.post("/account/profile/", {"phone": "+31 20 1234567"})
        self.assertRedirects(response, "/account/", fetch_redirect_response=False)
        self.assertEqual(self.messages_of(response), ["Your profile is saved."])
        self.assertEqual(Profile.objects.get().phone, "+31201234567")

    def test_a_telephone_number_has_digits(self):
        self.client.force_login(self.alice)
        response = self.client.post("/account/profile/", {"phone": "call me"})
        self.assertContains(response, "digits only", status_code=400)


class LoginTests(ShopTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.alice = make_user("alice")

    def test_leads_to_the_dashboard(self):
        response = self.client.post("/login/", {"username": "alice", "password": PASSWORD})
        self.assertRedirects(response, "/account/")

    def test_refuses_a_wrong_password(self):
        response = self.client.post("/login/", {"username": "alice", "password": "guess"})
        self.assertContains(response, "Please enter a correct username and password.")

    def test_logout_ends_the_session(self):
        self.client.force_login(self.alice)
        self.client.post("/logout/")
        self.assertAsksForLogin(self.client.get("/account/"), "/account/")
