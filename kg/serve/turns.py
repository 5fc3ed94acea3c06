"""Whose turn it is: who asks much waits behind who asks little, and nobody holds everything."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Generic, TypeVar

T = TypeVar("T")
OWN = ""
"""The client on the machine of the server: its user, or a proxy before it that speaks for many."""
_NETWORK = 64
"""Bits of an IPv6 address that name whom it belongs to; the others its owner chooses."""


class CrowdedError(Exception):
    """As many are waiting already as may."""


class Turns(Generic[T]):
    """Things that are lent to clients in turn: to the one who holds fewest, then to the one who was served longest ago.

    A client from elsewhere holds all but one of them at most, so that another is served at once, and half of the places to wait.
    """

    def __init__(self, things: int, places: int) -> None:
        self._idle: deque[T] = deque()
        self._waiting: dict[str, deque[asyncio.Future[T]]] = {}
        """By client, the one served last at the end."""
        self._held: Counter[str] = Counter()
        self._things = things
        self._places = places

    def put(self, thing: T) -> None:
        """Something is there to be lent: it is new, or came back."""
        self._idle.append(thing)
        self._serve()

    async def take(self, client: str) -> T:
        """The next thing that is free, once it is the turn of a client; ``leave`` must follow.

        Raises:
            CrowdedError: too many wait, or too many of this client.
        """
        mine = self._waiting.get(client, ())
        own = self._places if client == OWN else max(1, self._places // 2)
        if sum(map(len, self._waiting.values())) >= self._places or len(mine) >= own:
            raise CrowdedError
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(future)
        self._serve()
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                # It came in the moment in which one stopped waiting.
                self._idle.append(future.result())
                self.leave(client)
            elif future in self._waiting.get(client, ()):
                self._waiting[client].remove(future)
                self._forget(client)
            raise

    def leave(self, client: str) -> None:
        """A client does not hold any longer what it took last, wherever that is now."""
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        self._serve()

    def _most(self, client: str) -> int:
        return self._things if client == OWN else max(1, self._things - 1)

    def _serve(self) -> None:
        while self._idle:
            ready = [client for client in self._waiting if self._held[client] < self._most(client)]
            if not ready:
                return
            client = min(ready, key=self._held.__getitem__)
            future = self._waiting[client].popleft()
            # To the end of the row.
            self._waiting[client] = self._waiting.pop(client)
            self._forget(client)
            if not future.done():
                self._held[client] += 1
                future.set_result(self._idle.popleft())

    def _forget(self, client: str) -> None:
        if not self._waiting[client]:
            del self._waiting[client]


def client_of(host: str) -> str:
    """Who asks, by the address that a connection comes from: of an IPv6 address the part that is not the client's to choose.

    >>> client_of("10.0.0.7"), client_of("::ffff:10.0.0.7"), client_of("2001:db8::1") == client_of("2001:db8::2"), client_of("127.0.0.1")
    ('10.0.0.7', '10.0.0.7', True, '')
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if str(address) in ("127.0.0.1", "::1"):
        return OWN
    return str(address if isinstance(address, IPv4Address) else IPv6Address(int(address) >> _NETWORK << _NETWORK))
