from django.test import TestCase

from .models import Note


class OverviewTests(TestCase):
    def test_notes_are_counted(self):
        Note.objects.create(title="First")
        assert self.client.get("/").json() == {"notes": 1, "tags": 0, "readers": 0}
