from django.test import SimpleTestCase

import upstream


class UpstreamTests(SimpleTestCase):
    def test_the_same_path_gets_the_same_answer(self):
        path = "/suppliers/cobalt-imports/price/BAG-0001"
        self.assertEqual(upstream.respond(path, {}), upstream.respond(path, {}))

    def test_billing_wants_a_key(self):
        path = "/billing/customers/cus_1"
        self.assertEqual(upstream.respond(path, {})[0], 401)
        self.assertEqual(upstream.respond(path, {b"authorization": b"Bearer x"})[0], 200)

    def test_other_paths_are_not_found(self):
        self.assertEqual(upstream.respond("/nothing", {})[0], 404)
