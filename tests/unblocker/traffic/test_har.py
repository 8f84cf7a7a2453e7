import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unblocker.traffic.files import PAGE, entry, har, suppress_only
from unblocker.errors import UnblockError
from unblocker.records.traffic import LeftOut, Request, Upload
from unblocker.traffic.har import read_har

FORM = "application/x-www-form-urlencoded"


def read(*entries, user=None):
    return read_har(har(*entries), "shop.har", user)


def test_requests_come_in_order_as_the_user():
    found = read(entry(), entry("https://shop.example", "post"), user="ann")
    assert [str(one) for one in found.requests] == [
        "GET /products/?page=2 as ann",
        "POST / as ann",
    ]
    assert found.left_out == ()


def test_nobody_is_logged_in_and_no_cookie_is_sent_unless_said():
    cookies = [{"name": "Cookie", "value": "sessionid=1"}]
    (request,) = read(entry(headers=cookies)).requests
    assert request == Request("GET", "/products/?page=2")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Accept", True),
        ("X-Requested-With", True),
        ("HX-Request", True),
        ("Authorization", True),
        ("If-None-Match", True),
        ("Cookie", False),
        ("Host", False),
        ("Content-Length", False),
        ("Connection", False),
        ("X-Forwarded-For", False),
        ("User-Agent", False),
        (":authority", False),
        ("Accept\n", False),
    ],
)
def test_which_headers_are_sent(name, kept):
    (request,) = read(entry(headers=[{"name": name, "value": "1"}])).requests
    assert request.headers == ({name.lower(): "1"} if kept else {})


@pytest.mark.parametrize("name", ["a.css", "js/app.min.JS", "logo.svg", "f.woff2", "x.png?v=3"])
def test_static_files_are_left_out(name):
    found = read(entry(), entry(f"https://shop.example/static/{name}"))
    assert len(found.requests) == 1
    assert found.left_out == (LeftOut("a static file"),)


@pytest.mark.parametrize("path", ["/report.pdf", "/v1.2/", "/feed.xml", "/css", "/?file=a.css"])
def test_what_only_resembles_one_is_not(path):
    assert len(read(entry(f"https://shop.example{path}")).requests) == 1


def test_other_hosts_are_left_out_and_counted():
    others = ["https://cdn.example/x", "https://shop.example:8443/", "http://cdn.example/y"]
    found = read(entry(), *map(entry, others))
    assert len(found.requests) == 1
    assert found.left_out == (LeftOut("it went to another host", 3),)


def test_the_host_is_that_of_the_first_page_not_of_what_came_before():
    found = read(entry("https://sso.example/token", mime="application/json"), entry())
    assert [one.path for one in found.requests] == ["/products/?page=2"]


@pytest.mark.parametrize("url", ["data:text/plain,x", "chrome://x/", "about:blank", "http://[", ""])
def test_what_is_no_http_is_left_out(url):
    found = read(entry(), entry(url))
    assert len(found.requests) == 1
    assert found.left_out == (LeftOut("its URL is not one of HTTP"),)


def test_a_body_is_sent_as_it_was():
    text = "a=1&b=tea+%26+co"
    (request,) = read(entry(method="POST", postData={"mimeType": FORM, "text": text})).requests
    assert request.body == text.encode()
    assert request.headers == {"content-type": FORM}


def test_a_json_body_keeps_its_letters():
    body = {"mimeType": "application/json; charset=utf-8", "text": '{"a": "é"}'}
    (request,) = read(entry(method="PUT", postData=body)).requests
    assert json.loads(request.body) == {"a": "é"}


def test_a_form_of_which_only_the_fields_were_kept():
    params = [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}, {"name": "b"}]
    (request,) = read(entry(method="POST", postData={"mimeType": FORM, "params": params})).requests
    assert request.data == {"a": ("1", "2"), "b": ""}


def test_a_file_of_which_only_the_fields_were_kept():
    params = [
        {"name": "title", "value": "x"},
        {"name": "file", "fileName": "a.txt", "contentType": "text/plain", "value": "hi"},
    ]
    body = {"mimeType": "multipart/form-data", "params": params}
    (request,) = read(entry(method="POST", postData=body)).requests
    assert request.data == {"title": "x"}
    assert request.files == {"file": Upload("a.txt", b"hi", "text/plain")}


@pytest.mark.parametrize(
    "body",
    [
        {"mimeType": "multipart/form-data", "params": [{"name": "f", "fileName": "a.png"}]},
        {"mimeType": "multipart/form-data; boundary=x", "text": "--x\ufffd\ufffd--x--"},
        {"mimeType": "text/xml", "params": [{"name": "a", "value": "1"}]},
    ],
)
def test_a_body_that_was_not_kept_whole_is_left_out(body):
    found = read(entry(), entry(method="POST", postData=body))
    assert len(found.requests) == 1
    assert found.left_out == (LeftOut("the browser did not keep its body whole"),)


def test_a_method_that_is_none_is_left_out():
    assert read(entry(method="GE T")).left_out == (LeftOut("its method is not one of HTTP"),)


def test_a_file_without_requests():
    assert read().requests == ()


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (har(entry())[:-40], 15),
        (b'{"log":\n {"entries": 3}}', 2),
        (b'{"log": {\n"entries":\n [}]}}', 3),
        (har(entry(), {"request": {"url": 3, "method": "GET"}}), 19),
    ],
)
def test_a_damaged_file_is_named_with_its_line(data, line):
    with pytest.raises(UnblockError) as caught:
        read_har(data, "shop.har")
    assert caught.value.code == "U058"
    assert caught.value.place.file == "shop.har"
    assert caught.value.place.line == line


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from([PAGE, FORM]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)
KEYS = ["method", "url", "headers", "postData"]


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON)), max_size=3))
def test_garbage_is_read_or_named(requests):
    data = har(*({"request": one} for one in requests))
    with suppress_only("U058"):
        found = read_har(data, "shop.har")
        assert len(found.requests) + sum(one.requests for one in found.left_out) == len(requests)


@given(st.text(), st.text(), st.text())
def test_any_text_is_read_or_left_out(url, header, body):
    data = har(
        entry(),
        entry(
            f"https://shop.example/{url}",
            headers=[{"name": "Accept", "value": header}],
            postData={"mimeType": header, "text": body},
        ),
    )
    found = read_har(data, "shop.har")
    assert len(found.requests) + len(found.left_out) == 2
    for request in found.requests:
        assert request.path.isascii()
        assert " " not in request.path
