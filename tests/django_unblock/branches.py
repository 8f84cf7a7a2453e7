"""Coroutines that a test releases one by one."""

import asyncio


class Branches:
    """Coroutines that record what happens to them, and end when told to."""

    def __init__(self):
        self.events = []
        self.gates = {}

    async def branch(self, name, error=None):
        self.events.append(f"{name} starts")
        try:
            await self.gates.setdefault(name, asyncio.Event()).wait()
        except asyncio.CancelledError:
            self.events.append(f"{name} cancelled")
            raise
        if error is not None:
            self.events.append(f"{name} fails")
            raise error
        self.events.append(f"{name} ends")
        return name

    async def release(self, *names):
        """Let the branches end, one after the other."""
        for name in names:
            await asyncio.sleep(0)
            self.gates.setdefault(name, asyncio.Event()).set()
            for _ in range(5):
                await asyncio.sleep(0)
