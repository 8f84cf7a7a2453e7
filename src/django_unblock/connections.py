"""Where ``django.db.connections`` keeps its wrappers."""

from typing import Any

from django_unblock import bridge
from django_unblock.ownership import level_here
from django_unblock.scopes import Scope, scope_here, thread


class Connections:
    """Finds the wrapper that the running code is to use.

    It takes the place of the connection handler's thread-local, and in plain synchronous code is
    just that. An alias without a wrapper raises AttributeError, on which the handler makes one and
    sets it.
    """

    def __getattr__(self, alias: str) -> Any:
        scope = scope_here()
        if scope is None:
            return _found(thread.wrappers.get(alias), alias)
        can_wait = bridge.on_wait(scope.pause) or scope is thread.scope
        level = level_here(alias, scope)
        if level is not None:
            if can_wait:
                level.take(scope)
            return level.wrapper
        if _is_lent_to(scope):
            return _found(None, alias)
        return _of_scope(alias, scope)

    def __setattr__(self, alias: str, wrapper: Any) -> None:
        scope = scope_here()
        if scope is None or not _borrows(wrapper):
            thread.wrappers[alias] = wrapper
        elif _is_lent_to(scope) or (wrapper.is_single and scope is not thread.scope):
            thread.wrappers[alias] = wrapper
            getattr(self, alias)
        else:
            scope.adopt(alias, wrapper)

    def __delattr__(self, alias: str) -> None:
        scope = scope_here()
        own = scope is not None and not _is_lent_to(scope)
        wrappers = scope.wrappers if scope is not None and own else thread.wrappers
        _found(wrappers.pop(alias, None), alias)


def _is_lent_to(scope: Scope) -> bool:
    """Whether it uses the connections of the code beneath its loop, in this thread."""
    return scope.lent_to and scope is not thread.scope


def _borrows(wrapper: Any) -> bool:
    """Whether the wrapper is of an engine of ours."""
    return hasattr(wrapper, "scope")


def _of_scope(alias: str, scope: Scope) -> Any:
    wrapper = scope.wrappers.get(alias) or scope.spare(alias)
    if wrapper is not None:
        return wrapper
    unbridged = thread.wrappers.get(alias)
    return _found(None if _borrows(unbridged) else unbridged, alias)


def _found(wrapper: Any, alias: str) -> Any:
    if wrapper is None:
        raise AttributeError(alias)
    return wrapper


def plain_wrappers() -> dict[str, Any]:
    """Return this thread's wrappers of plain synchronous code, per alias; changes count."""
    return thread.wrappers
