"""The browsers that the requests come from: one per user, one for all anonymous visitors, each with its cookies."""

from collections.abc import Iterable
from http.cookies import SimpleCookie

type Jar = dict[str, str]

ANONYMOUS = "anonymous"


class Visitors:
    """Keeps each visitor's cookies as the old code set them, so that both sides get the same ones."""

    def __init__(self, session_cookie: str) -> None:
        self._session_cookie = session_cookie
        self._jars: dict[str | None, Jar] = {None: {}}

    def needs_login(self, user: str | None) -> bool:
        """Whether the user has no session, or has it no more."""
        return user is not None and self._session_cookie not in self._jars.get(user, {})

    def logged_in(self, user: str, session: str) -> None:
        """The user has a new session."""
        self._jars.setdefault(user, {})[self._session_cookie] = session

    def cookies(self, user: str | None) -> Jar:
        """What the visitor sends."""
        return self._jars.get(user, {})

    def received(self, user: str | None, set_cookies: Iterable[str], *, signed_in: bool) -> None:
        """Take over what a response set; an anonymous visitor who has logged in makes room for another one."""
        jar = self._jars.setdefault(user, {})
        for text in set_cookies:
            for name, morsel in SimpleCookie(text).items():
                if morsel["max-age"] == "0" or not morsel.value or morsel["max-age"] == 0:
                    jar.pop(name, None)
                else:
                    jar[name] = morsel.value
        if user is None and signed_in:
            jar.clear()
