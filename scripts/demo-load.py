"""Devices that call the edges, and what became of their calls."""

import http.client
import random
import select
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Call:
    """One call, as the device saw it."""

    function: str
    edge: str  # the node that was called
    began: float
    took: float = 0.0  # seconds
    node: str = ""  # the node that ran it
    joules: float = 0.0
    start: str = ""
    execution: str = ""
    error: str = ""

    @property
    def ended(self):
        return self.began + self.took


@dataclass
class Phase:
    """The calls of a stretch of time."""

    calls: list
    objectives: dict  # seconds by function
    length: float
    busy: float  # share of the machine's CPU time
    answered: list = field(init=False)
    failed: list = field(init=False)

    def __post_init__(self):
        self.answered = [call for call in self.calls if not call.error]
        self.failed = [call for call in self.calls if call.error]

    def by(self, node):
        return [call for call in self.answered if call.node == node]

    def since(self, moment):
        """What began after a moment."""
        return Phase([call for call in self.calls if call.began >= moment], self.objectives, self.length, self.busy)

    def violations(self, calls):
        return sum(call.took > self.objectives.get(call.function, float("inf")) for call in calls)

    @property
    def middle(self):
        return quantile([call.took for call in self.answered], 0.5)

    @property
    def joules(self):
        return joules_per_call(self.answered)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def joules_per_call(calls):
    return sum(call.joules for call in calls) / len(calls) if calls else 0.0


class Device(threading.Thread):
    """Something that calls a function again and again, over one connection that it keeps.

    It calls at given times, whether or not the call before was quick; one that is late does not catch up. It knows two
    edges: while the one cannot be connected to, it calls the other.
    """

    def __init__(self, edges, function, body, rate, until, calls, seed):
        super().__init__(daemon=True)
        self.edges, self.function, self.body, self.rate, self.until = list(edges), function, body, rate, until
        self.calls, self.random, self.connection = calls, random.Random(seed), None

    def run(self):
        following = time.monotonic() + self.random.random() / self.rate
        while following < self.until:
            time.sleep(max(0, following - time.monotonic()))
            self.call()
            following = max(following + self.random.uniform(0.5, 1.5) / self.rate, time.monotonic())
        self.hang_up()

    def hang_up(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def connect(self):
        """Sees to it that there is a connection: the one before, if its other end still stands."""
        if self.connection and not select.select([self.connection.sock], [], [], 0)[0]:
            return
        self.hang_up()
        for _ in self.edges:
            try:
                connection = self.edges[0].connect(20)
                connection.connect()
                self.connection = connection
                return
            except OSError:
                self.edges.append(self.edges.pop(0))
        raise OSError("no edge can be connected to")

    def call(self):
        call = Call(self.function, "", time.monotonic())
        try:
            self.connect()
            call.edge = self.edges[0].name
            self.connection.request("POST", f"/function/{self.function}", self.body)
            answer = self.connection.getresponse()
            body = answer.read()
            call.took = time.monotonic() - call.began
            call.node, call.start = answer.headers["Godwit-Node"] or "", answer.headers["Godwit-Start"] or ""
            call.execution = answer.headers["X-Call-Id"] or ""
            call.joules = float((answer.headers["Godwit-Energy"] or "0 J").split()[0])
            if answer.status != 200:
                call.error = f"status {answer.status}: {body.decode(errors='replace')[:300]}"
        except (OSError, http.client.HTTPException) as error:
            call.took, call.error = time.monotonic() - call.began, f"{type(error).__name__}: {error}"
            self.hang_up()
        self.calls.append(call)


def ticks():
    """Busy and all CPU time of this machine so far."""
    with open("/proc/stat") as file:
        values = [int(tick) for tick in file.readline().split()[1:9]]
    return sum(values) - values[3] - values[4], sum(values)


def load(devices, length, objectives, during=None):
    """Lets devices call for so many seconds; each is (edges, function, body, calls a second); `during` runs then."""
    calls, until, (busy, whole) = [], time.monotonic() + length, ticks()
    threads = [Device(*device, until, calls, number) for number, device in enumerate(devices)]
    for thread in threads:
        thread.start()
    if during:
        during()
    for thread in threads:
        thread.join(length + 30)
    after, total = ticks()
    share = (after - busy) / max(1, total - whole)
    return Phase(sorted(calls, key=lambda call: call.began), objectives, length, share)
