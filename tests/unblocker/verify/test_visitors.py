from unblocker.verify.visitors import Visitors


def test_a_user_logs_in_once() -> None:
    visitors = Visitors("sid")
    assert visitors.needs_login("anna")
    visitors.logged_in("anna", "s1")
    assert not visitors.needs_login("anna")
    assert visitors.cookies("anna") == {"sid": "s1"}
    assert visitors.needs_login("ben")


def test_nobody_needs_no_login() -> None:
    assert not Visitors("sid").needs_login(None)


def test_cookies_are_kept_and_deleted() -> None:
    visitors = Visitors("sid")
    visitors.logged_in("anna", "s1")
    visitors.received("anna", ["seen=yes; Path=/", "sid=s2; HttpOnly"], signed_in=False)
    assert visitors.cookies("anna") == {"sid": "s2", "seen": "yes"}
    visitors.received("anna", ['sid=""; Max-Age=0; Path=/'], signed_in=False)
    assert visitors.cookies("anna") == {"seen": "yes"}
    assert visitors.needs_login("anna")


def test_a_visitor_who_logs_in_is_anonymous_no_more() -> None:
    visitors = Visitors("sid")
    visitors.received(None, ["cart=7"], signed_in=False)
    assert visitors.cookies(None) == {"cart": "7"}
    visitors.received(None, ["sid=s1"], signed_in=True)
    assert visitors.cookies(None) == {}
