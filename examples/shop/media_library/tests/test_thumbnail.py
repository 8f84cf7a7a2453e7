import io

from django.contrib.auth.models import AnonymousUser, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory, SimpleTestCase
from PIL import Image

from media_library.views import thumbnail


def png(width=400, height=200):
    data = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(data, "PNG")
    return SimpleUploadedFile("photo.png", data.getvalue(), "image/png")


class ThumbnailTests(SimpleTestCase):
    """Without a database: the view needs none."""

    def post(self, fields, user=None):
        request = RequestFactory().post("/documents/thumbnail/", fields)
        request.user = user or User(username="alice")
        return thumbnail(request)

    def test_keeps_the_proportions(self):
        response = self.post({"image": png(400, 200), "width": 100})
        self.assertEqual(response.headers["Content-Type"], "image/png")
        with Image.open(io.BytesIO(response.content)) as image:
            self.assertEqual(image.size, (100, 50))

    def test_a_very_flat_image_is_one_pixel_high(self):
        response = self.post({"image": png(1000, 1), "width": 16})
        with Image.open(io.BytesIO(response.content)) as image:
            self.assertEqual(image.size, (16, 1))

    def test_a_file_that_is_no_image_is_refused(self):
        text = SimpleUploadedFile("photo.png", b"no image", "image/png")
        self.assertEqual(self.post({"image": text, "width": 100}).status_code, 400)

    def test_a_width_has_limits(self):
        self.assertEqual(self.post({"image": png(), "width": 5000}).status_code, 400)

    def test_needs_a_login(self):
        response = self.post({"image": png(), "width": 100}, AnonymousUser())
        self.assertEqual(response.status_code, 302)
