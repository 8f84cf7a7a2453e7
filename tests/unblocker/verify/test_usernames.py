from unblocker.records.traffic import LeftOut, Request
from unblocker.verify.usernames import with_names


class Users:
    def usernames(self, keys):
        return {key: name for key, name in {"7": "ann", "8": "bob"}.items() if key in keys}


def test_a_key_becomes_the_name_of_the_user_who_has_it():
    traffic = (
        Request("GET", "/a/", user_key="7"),
        Request("GET", "/b/", "cid"),
        Request("GET", "/"),
    )
    made, left_out = with_names(traffic, Users())
    assert [str(one) for one in made] == ["GET /a/ as ann", "GET /b/ as cid", "GET / as anonymous"]
    assert {one.user_key for one in made} == {None}
    assert left_out == ()


def test_requests_of_users_who_do_not_exist_are_left_out():
    traffic = tuple(Request("GET", "/", user_key=key) for key in ("9", "8", "10"))
    made, left_out = with_names(traffic, Users())
    assert [one.as_user for one in made] == ["bob"]
    assert left_out == (LeftOut("the seeded database has no user with the recorded key", 2),)
