"""Clients that give up soon: while it is armed, no socket of Python's waits longer than half a second.

The libraries' own timeouts stay as they are, and with them what they raise and say. A socket without one waits on.
"""

import socket
import sys
from typing import Any

SECONDS = 0.5


class Impatience:
    """Cuts the timeouts that are set while it is armed."""

    def __init__(self) -> None:
        self._is_armed = False
        self._changed: set[type] = set()

    def arm(self, *, armed: bool) -> None:
        """Cut timeouts from now on, or leave them alone."""
        self._is_armed = armed
        if armed:
            self._change(socket.socket)
            if runtime := sys.modules.get("django_unblock.sockets"):  # keeps its timeouts itself
                self._change(runtime._Waiting)

    def _change(self, kind: Any) -> None:
        if kind in self._changed:
            return
        self._changed.add(kind)
        set_timeout = kind.settimeout

        def settimeout(sock: object, value: float | None) -> None:
            if self._is_armed and value is not None:
                value = min(value, SECONDS)
            set_timeout(sock, value)

        kind.settimeout = settimeout
