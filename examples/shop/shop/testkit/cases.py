"""The base class of the shop's tests."""

from django.contrib.messages import get_messages
from django.test import TestCase, override_settings

from .upstream_server import running_server


class ShopTestCase(TestCase):
    """A TestCase whose outbound calls go to a local server, ``self.upstream``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.upstream = running_server()
        url = cls.upstream.url
        cls.enterClassContext(
            override_settings(
                BILLING_API_URL=f"{url}/billing",
                ANALYTICS_API_URL=f"{url}/analytics",
                RATES_API_URL=f"{url}/rates",
                SHIPPING_API_URL=f"{url}/shipping",
                SUPPLIERS_API_URL=f"{url}/suppliers",
            )
        )

    def setUp(self):
        super().setUp()
        self.upstream.reset()

    def assertAsksForLogin(self, response, path):
        self.assertRedirects(response, f"/login/?next={path}", fetch_redirect_response=False)

    def messages_of(self, response):
        return [str(message) for message in get_messages(response.wsgi_request)]
