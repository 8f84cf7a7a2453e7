import base64
import email.message
import email.parser

from unblocker.config import BenchEntry
from unblocker.measure.prepared import Login, Prepared, prepare

LOGINS = {
    "": Login({"csrftoken": "n"}, {"X-CSRFTOKEN": "masked-n"}),
    "ann": Login({"csrftoken": "c", "sessionid": "s"}, {"X-CSRFTOKEN": "masked"}),
}


def entry(**fields: object) -> BenchEntry:
    return BenchEntry(view="v", **{"path": "/p/", **fields})


def parts(request: Prepared) -> list[email.message.Message]:
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    return email.parser.BytesParser().parsebytes(head + request.body).get_payload()


def test_nobody_gets_no_session() -> None:
    assert prepare(entry(), LOGINS) == Prepared("GET", "/p/", {"Cookie": "csrftoken=n"}, b"")


def test_a_user_brings_session_and_token() -> None:
    request = prepare(entry(as_user="ann", method="post"), LOGINS)
    assert request.method == "POST"
    assert request.headers == {
        "Cookie": "csrftoken=c; sessionid=s",
        "X-CSRFTOKEN": "masked",
        "Content-Type": "application/x-www-form-urlencoded",
    }


def test_data_goes_into_the_query_of_a_get_and_the_body_of_a_post() -> None:
    data = {"q": "a b&c", "page": "2"}
    assert prepare(entry(data=data), LOGINS).path == "/p/?q=a+b%26c&page=2"
    assert prepare(entry(data=data, path="/p/?x=1"), LOGINS).path == "/p/?x=1&q=a+b%26c&page=2"
    posted = prepare(entry(data=data, method="POST", path="/p/?x=1"), LOGINS)
    assert (posted.path, posted.body) == ("/p/?x=1", b"q=a+b%26c&page=2")


def test_files_are_sent_as_a_form_with_the_data() -> None:
    content = bytes(range(256))
    file = {
        "name": "a.bin",
        "type": "image/png",
        "content_base64": base64.b64encode(content).decode(),
    }
    data, upload = parts(
        prepare(entry(method="POST", data={"title": "T"}, files={"photo": file}), LOGINS)
    )
    assert data["Content-Disposition"] == 'form-data; name="title"'
    assert data.get_payload() == "T"
    assert upload["Content-Disposition"] == 'form-data; name="photo"; filename="a.bin"'
    assert upload.get_content_type() == "image/png"
    assert upload.get_payload(decode=True) == content
