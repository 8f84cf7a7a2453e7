import hashlib
import logging

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from moto.server import ThreadedMotoServer

from media_library.bucket import s3_client
from media_library.models import Document
from shop.testkit.cases import ShopTestCase
from shop.testkit.factories import make_user

CONTENT = b"Two years of warranty."


def text_file(content=CONTENT, content_type="text/plain"):
    return SimpleUploadedFile("warranty.txt", content, content_type)


class UploadTests(ShopTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        cls.addClassCleanup(server.stop)
        host, port = server.get_host_and_port()
        cls.enterClassContext(override_settings(S3_ENDPOINT=f"http://{host}:{port}"))
        s3_client(f"http://{host}:{port}").create_bucket(
            Bucket="shop-media",
            CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
        )

    @classmethod
    def setUpTestData(cls):
        cls.alice = make_user("alice")

    def setUp(self):
        super().setUp()
        self.client.force_login(self.alice)

    def upload(self, file=None, title="Warranty"):
        fields = {"title": title, "file": file or text_file()}
        return self.client.post("/documents/upload/", fields)

    def object_at(self, key):
        return s3_client(settings.S3_ENDPOINT).get_object(Bucket="shop-media", Key=key)

    def test_keeps_the_file_and_a_record_of_it(self):
        response = self.upload()
        self.assertEqual(response.status_code, 201)
        document = Document.objects.get()
        self.assertEqual(
            response.json(), {"id": document.pk, "title": "Warranty", "key": document.key}
        )
        self.assertEqual((document.owner, document.size), (self.alice, len(CONTENT)))
        digest = hashlib.sha256(CONTENT).hexdigest()
        self.assertEqual(document.key, f"documents/{self.alice.pk}/{digest}")
        kept = self.object_at(document.key)
        self.assertEqual(kept["Body"].read(), CONTENT)
        self.assertEqual(kept["ContentType"], "text/plain")

    def test_a_file_that_django_spools_to_disk_is_kept_whole(self):
        content = bytes(range(256)) * 12_000
        response = self.upload(text_file(content))
        self.assertEqual(self.object_at(response.json()["key"])["Body"].read(), content)

    def test_the_same_file_twice_is_one_object(self):
        first, second = self.upload().json(), self.upload(title="Again").json()
        self.assertEqual(first["key"], second["key"])
        self.assertEqual(Document.objects.count(), 2)

    def test_other_kinds_of_file_are_refused(self):
        response = self.upload(text_file(content_type="text/html"))
        self.assertEqual(response.status_code, 400)
        self.assertIn("file", response.json()["errors"])
        self.assertFalse(Document.objects.exists())

    @override_settings(DOCUMENT_MAX_BYTES=10)
    def test_large_files_are_refused(self):
        self.assertEqual(self.upload().status_code, 400)

    def test_a_file_and_a_title_are_needed(self):
        response = self.client.post("/documents/upload/", {})
        self.assertEqual(response.status_code, 400)
        self.assertEqual(set(response.json()["errors"]), {"title", "file"})

    def test_a_full_quota_refuses_the_file(self):
        self.alice.profile.document_quota = len(CONTENT)
        self.alice.profile.save()
        self.assertEqual(self.upload().status_code, 201)
        self.assertEqual(self.upload().status_code, 413)
        self.assertEqual(Document.objects.count(), 1)

    @override_settings(S3_BUCKET="no-such-bucket")
    def test_a_bucket_that_fails_is_a_bad_gateway_and_leaves_no_record(self):
        with self.assertLogs("media_library.views", "ERROR"):
            response = self.upload()
        self.assertEqual(response.status_code, 502)
        self.assertFalse(Document.objects.exists())

    def test_needs_a_login(self):
        self.client.logout()
        self.assertAsksForLogin(self.upload(), "/documents/upload/")

    def test_the_list_shows_her_own_documents(self):
        self.upload(title="Hers")
        Document.objects.create(
            owner=make_user("bob"), title="His", key="x", content_type="text/plain", size=1
        )
        response = self.client.get("/documents/")
        self.assertContains(response, "Hers")
        self.assertNotContains(response, "His")
