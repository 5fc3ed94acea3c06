"""Turns: who asks much does not keep others waiting, whatever comes, goes, or stops waiting meanwhile."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.serve import workers
from kg.serve.turns import OWN, CrowdedError, Turns, client_of

from .serving import CROSS, Running, serving


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await work()

    asyncio.run(whole())


async def soon() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


def filled(things: int, places: int = 64) -> Turns[int]:
    turns: Turns[int] = Turns(things, places)
    for thing in range(things):
        turns.put(thing)
    return turns


def test_one_client_leaves_one_for_others() -> None:
    async def work() -> None:
        turns = filled(3)
        greedy = [asyncio.create_task(turns.take("a")) for _ in range(9)]
        await soon()
        assert sum(task.done() for task in greedy) == 2
        assert await asyncio.wait_for(turns.take("b"), 5) in range(3)
        for task in greedy:
            task.cancel()

    run(work)


def test_the_only_one_there_is_goes_to_anybody() -> None:
    async def work() -> None:
        turns = filled(1)
        assert await asyncio.wait_for(turns.take("a"), 5) == 0
        turns.leave("a")
        turns.put(0)
        assert await asyncio.wait_for(turns.take("a"), 5) == 0

    run(work)


def test_the_machine_of_the_server_may_use_all_of_them() -> None:
    async def work() -> None:
        turns = filled(2, 2)
        assert {await asyncio.wait_for(turns.take(OWN), 5) for _ in range(2)} == {0, 1}
        waiting = [asyncio.create_task(turns.take(OWN)) for _ in range(2)]
        await soon()
        with pytest.raises(CrowdedError):
            await turns.take(OWN)
        for task in waiting:
            task.cancel()

    run(work)


def test_clients_are_served_in_turn_and_each_in_its_own_order() -> None:
    async def work() -> None:
        turns, served = Turns[int](1, 64), list[str]()

        async def ask(client: str, name: str) -> None:
            thing = await turns.take(client)
            served.append(name)
            turns.leave(client)
            turns.put(thing)

        tasks = [asyncio.create_task(ask(name[0], name)) for name in ("a1", "a2", "a3", "a4", "b1", "c1", "b2")]
        await soon()
        turns.put(0)
        await asyncio.gather(*tasks)
        assert served == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]

    run(work)


def test_a_client_takes_half_of_the_places_to_wait_and_all_take_no_more_than_there_are() -> None:
    async def work() -> None:
        turns, tasks = Turns[int](1, 4), list[asyncio.Task[int]]()
        for client, fits in (("a", True), ("a", True), ("a", False), ("b", True), ("c", True), ("d", False)):
            if fits:
                tasks.append(asyncio.create_task(turns.take(client)))
                await soon()
            else:
                with pytest.raises(CrowdedError):
                    await turns.take(client)
        for task in tasks:
            task.cancel()
        await soon()
        turns.put(7)
        assert await asyncio.wait_for(turns.take("d"), 5) == 7

    run(work)


STEPS = st.lists(st.tuples(st.sampled_from(["take", "take", "give", "cancel", "cancel-now", "look"]), st.integers(0, 3)), max_size=60)


@settings(max_examples=150, deadline=None)
@given(things=st.integers(1, 4), steps=STEPS)
def test_nothing_is_lost_or_lent_twice_whatever_happens(things: int, steps: list[tuple[str, int]]) -> None:
    async def work() -> None:
        turns, tasks = filled(things, 12), list[tuple[str, asyncio.Task[int]]]()

        def lent() -> list[tuple[str, int]]:
            return [(client, task.result()) for client, task in tasks if task.done() and not task.cancelled() and task.exception() is None]

        for step, number in steps:
            if step == "take":
                tasks.append((f"c{number}", asyncio.create_task(turns.take(f"c{number}"))))
            elif step == "give":
                for client, thing in lent()[:1]:
                    tasks = [
                        pair
                        for pair in tasks
                        if not (pair[1].done() and not pair[1].cancelled() and pair[1].exception() is None and pair[1].result() == thing)
                    ]
                    turns.leave(client)
                    turns.put(thing)
            elif step.startswith("cancel") and tasks:
                at = number % len(tasks)
                if not tasks[at][1].done():
                    tasks[at][1].cancel()
            if step != "cancel-now":
                await soon()
            held = lent()
            assert len({thing for _, thing in held}) == len(held), "lent twice"
            assert all(count <= max(1, things - 1) for count in Counter(client for client, _ in held).values())
        for _, task in tasks:
            task.cancel()
        await soon()
        for client, thing in lent():
            turns.leave(client)
            turns.put(thing)
        again = set()
        for at in range(things):
            again.add(await asyncio.wait_for(turns.take(f"last{at}"), 5))
        assert again == set(range(things)), "lost"

    run(work)


@pytest.mark.parametrize(
    ("host", "client"),
    [
        pytest.param("192.0.2.1", "192.0.2.1", id="four numbers"),
        pytest.param("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", id="the network of a long address"),
        pytest.param("fe80::1%eth0", "fe80::", id="an address of a link"),
        pytest.param("::ffff:192.0.2.1", "192.0.2.1", id="one in the other"),
        pytest.param("unix", "unix", id="no address"),
        pytest.param("::ffff:127.0.0.1", OWN, id="this machine"),
        pytest.param("::1", OWN, id="this machine, long"),
    ],
)
def test_who_asks_is_told_by_the_address(host: str, client: str) -> None:
    assert client_of(host) == client


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has more than one address of its own without being told")
def test_a_greedy_client_does_not_hold_up_another(built: Path) -> None:
    with serving(built, "--timeout", "8", "--workers", "2") as server:
        statuses: list[int] = []
        threads = [threading.Thread(target=lambda: statuses.append(ask(server, CROSS, "127.0.0.2"))) for _ in range(6)]
        for thread in threads:
            thread.start()
        time.sleep(1.0)
        light = [ask(server, "ASK { ?s ?p ?o }", "127.0.0.3") for _ in range(4)]
        assert light == [200] * 4
        assert not statuses, "they were answered while all the others were still at work, or waiting"
        for thread in threads:
            thread.join(60)
    assert set(statuses) <= {503, 504}


def ask(server: Running, query: str, source: str) -> int:
    place = urlsplit(server.url)
    line = HTTPConnection(place.hostname or "", place.port, timeout=60, source_address=(source, 0))
    try:
        line.request("GET", f"/sparql?query={quote(query)}")
        reply = line.getresponse()
        reply.read()
        return reply.status
    finally:
        line.close()


class _Pipe:
    """A pipe that fails while one waits on it, as one does that is closed in that moment."""

    def __init__(self, closed: bool) -> None:
        self.closed = closed

    def send(self, _job: object) -> None:
        pass

    def poll(self, _seconds: float) -> bool:
        raise TypeError("'NoneType' object cannot be interpreted as an integer")


def test_a_worker_that_is_ended_while_one_waits_for_it_leaves_no_traceback() -> None:
    assert workers._ask(SimpleNamespace(pipe=_Pipe(closed=True)), SimpleNamespace(seconds=1)) == "gone"  # type: ignore[arg-type]  # as much of each as is asked
    with pytest.raises(TypeError):
        workers._ask(SimpleNamespace(pipe=_Pipe(closed=False)), SimpleNamespace(seconds=1))  # type: ignore[arg-type]  # a fault of ours is not hidden
