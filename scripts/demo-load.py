"""Devices that call the edges, and what became of their calls."""

import http.client
import random
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

    calls: list = field(default_factory=list)
    objectives: dict = field(default_factory=dict)  # seconds by function

    def by(self, node):
        return [call for call in self.answered if call.node == node]

    @property
    def answered(self):
        return [call for call in self.calls if not call.error]

    @property
    def failed(self):
        return [call for call in self.calls if call.error]

    def violations(self, calls):
        return sum(call.took > self.objectives[call.function] for call in calls if call.function in self.objectives)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def joules_per_call(calls):
    return sum(call.joules for call in calls) / len(calls) if calls else 0.0


class Device(threading.Thread):
    """Something that calls a function of an edge again and again, over one connection that it keeps.

    It calls at given times, whether or not the call before was quick; one that is late does not catch up. When its edge
    is gone, it calls the next one.
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

    def call(self):
        call = Call(self.function, self.edges[0].name, time.monotonic())
        try:
            if self.connection is None:
                self.connection = self.edges[0].connect(20)
            self.connection.request("POST", f"/function/{self.function}", self.body)
            answer = self.connection.getresponse()
            body = answer.read()
            call.took = time.monotonic() - call.began
            call.node, call.start = answer.headers["Godwit-Node"] or "", answer.headers["Godwit-Start"] or ""
            call.execution = answer.headers["X-Call-Id"] or ""
            call.joules = float((answer.headers["Godwit-Energy"] or "0 J").split()[0])
            if answer.status != 200:
                call.error = f"{answer.status} {body.decode(errors='replace')[:200]}"
        except (OSError, http.client.HTTPException) as error:
            call.took, call.error = time.monotonic() - call.began, f"{type(error).__name__}: {error}"
            self.hang_up()
            if len(self.edges) > 1:
                self.edges.append(self.edges.pop(0))
        self.calls.append(call)


def load(devices, length, objectives, during=None):
    """Lets devices call for so many seconds; each is (edges, function, body, calls a second). `during` runs meanwhile."""
    calls, until = [], time.monotonic() + length
    threads = [Device(*device, until, calls, number) for number, device in enumerate(devices)]
    for thread in threads:
        thread.start()
    if during:
        during()
    for thread in threads:
        thread.join(length + 30)
    return Phase(sorted(calls, key=lambda call: call.began), objectives)
