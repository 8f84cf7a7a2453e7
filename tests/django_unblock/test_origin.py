from django.core.signals import request_finished, request_started

from django_unblock import origin


def test_a_request_without_a_path_is_one_for_the_root():
    request_started.send(sender=None, environ={"REQUEST_METHOD": "GET"})
    try:
        assert origin.current().path == "GET /"
    finally:
        request_finished.send(sender=None)
    assert origin.current() is None
