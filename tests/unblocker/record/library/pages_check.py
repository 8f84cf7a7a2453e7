from django.test import Client


def test_counts():
    assert Client().get("/").status_code == 200


def test_what_is_wrong():
    assert Client().get("/page/").status_code == 404
