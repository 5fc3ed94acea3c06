"""What can go wrong between us and a server that is written to. No message holds a password or a token."""

from __future__ import annotations

from kg.errors import KgError


class RemoteAddressError(KgError):
    """An address that is none, or where nothing speaks SPARQL. Fields: address, what is wrong."""

    code = "remote-address"


class RemoteUnreachableError(KgError):
    """Nobody answers. Fields: address, why."""

    code = "remote-unreachable"


class RemoteBusyError(KgError):
    """A server that is busy at every try. Fields: address, status, how many tries."""

    code = "remote-busy"


class RemoteDeniedError(KgError):
    """A server that wants to know who writes, or does not let them. Fields: address, status, the variables that say who."""

    code = "remote-denied"


class RemoteRefusedError(KgError):
    """A server that refuses what was sent. Fields: address, status, what it says."""

    code = "remote-refused"


class RemoteForeignError(KgError):
    """A graph that holds what we did not write. Fields: address, the graph, how many triples."""

    code = "remote-foreign"


class RemoteDiffersError(KgError):
    """A server that holds another number of triples than was sent, twice. Fields: address, its number, ours."""

    code = "remote-differs"
