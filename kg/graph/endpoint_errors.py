"""What can go wrong between us and a SPARQL endpoint. No message ever holds a password or a token."""

from __future__ import annotations

from kg.errors import KgError


def shown_address(address: str) -> str:
    """An address as messages show it: without its parameters, which may hold a key.

    >>> shown_address("http://h/sparql?key=7f3a")
    'http://h/sparql'
    """
    return address.partition("?")[0]


class EndpointError(KgError):
    """An endpoint that cannot be asked. Fields: address, what is wrong."""

    code = "endpoint"

    def __init__(self, address: str, *fields: object) -> None:
        super().__init__(shown_address(address), *fields)


class EndpointAddressError(EndpointError):
    """An address that is none, or one that holds a password. Fields: the address without it, what is wrong."""

    code = "endpoint-address"


class EndpointUnreachableError(EndpointError):
    """Nobody answers at the address. Fields: address, why."""

    code = "endpoint-unreachable"


class EndpointTimeoutError(EndpointError):
    """No answer in time. Fields: address, seconds."""

    code = "endpoint-timeout"


class EndpointLoginError(EndpointError):
    """The endpoint wants to know who asks, or refuses who asked. Fields: address, status, what was sent."""

    code = "endpoint-login"


class EndpointStatusError(EndpointError):
    """A status that is no answer. Fields: address, status, what the server says."""

    code = "endpoint-status"


class EndpointMissingError(EndpointError):
    """There is nothing at the address (404, 405, 410). Fields: address, status."""

    code = "endpoint-missing"


class NotAnEndpointError(EndpointError):
    """What answers is no SPARQL endpoint: a web page, say. Fields: address, media type."""

    code = "endpoint-none"


class EndpointAnswerError(EndpointError):
    """An answer that breaks off or is no SPARQL result. Fields: address, what is wrong."""

    code = "endpoint-answer"


class EndpointCutError(EndpointError):
    """An endpoint that gives a part of the rows only. Fields: address, how many."""

    code = "endpoint-cut"


class EndpointSizeError(EndpointError):
    """An answer that is too large. Fields: address, megabytes."""

    code = "endpoint-size"
