"""Requests to other services, for harness.py: loaded when a handler first uses `context.http`.

It speaks the fetch frames that FunctionKit speaks (`Sources/FunctionKit/Wire`); `wire` is the harness.
"""

import os
import struct


class Answer:
    """What another service said: status, headers, body."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def json(self):
        import json

        return json.loads(self.body)


class HTTP:
    """Calls other services through the node's egress broker: the hosts that `egress` of function.yaml lists.

    A status of any kind is an answer; what is raised is a FunctionError whose type begins with "egress.".
    """

    def __init__(self, call, wire):
        self._call, self._wire = call, wire

    def get(self, url, headers=None, timeout=None):
        """Fetches a URL; without a timeout, in seconds, it may take the time that is left of the call."""
        return self.request("GET", url, headers, timeout=timeout)

    def request(self, method, url, headers=None, body=b"", timeout=None, follow_redirects=True):
        """Makes any request; headers are a dictionary or a list of pairs."""
        body = body.encode() if isinstance(body, str) else bytes(body)
        pairs = list(headers.items()) if isinstance(headers, dict) else list(headers or [])
        head = self._wire.sized("<H", method) + self._wire.sized("<I", url) + struct.pack("<BQH", bool(follow_redirects), len(body), len(pairs))
        head += b"".join(self._wire.sized("<H", str(name)) + self._wire.sized("<I", str(value)) for name, value in pairs)
        if len(head) > self._wire.MAX_PAYLOAD // 2:
            raise self._wire.FunctionError("egress.size", "the URL and the headers of the request are too long")
        return Fetch(self._call, self._wire).run(max(0, int((timeout or 0) * 1e6)), head, body)


class Fetch:
    """One request: what of its body may go, what of its answer has come."""

    def __init__(self, call, wire):
        self.wire = wire
        self.call, self.failure, self.status = call, None, None
        self.chunks, self.is_complete, self.size = [], False, 0
        self.allowance, self.consumed, self.send_window = self.wire.INITIAL_WINDOW, 0, self.wire.INITIAL_WINDOW
        with call.news:
            call.fetch_count += 1
            self.number = call.fetch_count
            call.fetches[self.number] = self

    def receive(self, type, reader, is_end):
        """Takes a frame; within the call's condition."""
        if type == self.wire.FETCH_WINDOW:
            self.send_window += reader.number("<I")
        elif type == self.wire.FETCH_RESPONSE and self.status is None:
            self.status, self.headers = reader.number("<H"), self.wire.Headers()
            for _ in range(reader.number("<H")):
                name, value = reader.text("<H").lower(), reader.text("<I")
                self.headers.setdefault(name, value)
            self.is_complete = is_end
        elif type == self.wire.FETCH_BODY and self.status is not None:
            part = reader.payload[reader.offset :]
            self.allowance, self.size = self.allowance - len(part), self.size + len(part)
            if self.is_complete or self.allowance < 0:
                self.wire.violation("an answer goes on after its end, or does not keep to its window")
            self.chunks.append(part)
            self.is_complete = is_end
        elif type == self.wire.FETCH_FAILURE:
            self.failure = self.wire.FunctionError(reader.text("<H"), reader.text("<I"))
        else:
            self.wire.violation(f"a frame of type {type} was not expected for a request")

    def run(self, microseconds, head, body):
        """Sends the request and waits for the answer."""
        limit = int(os.environ.get("GODWIT_MAX_BODY") or 32 << 20)
        try:
            self.send(self.wire.FETCH, struct.pack("<Q", microseconds) + head, not body)
            body = memoryview(body)
            while body and not self.is_over():
                self.call.wait(lambda: self.send_window > 0 or self.is_over())
                with self.call.news:
                    part = body[: min(self.wire.CHUNK, self.send_window)]
                    self.send_window -= len(part)
                body = body[len(part) :]
                if part and not self.is_over():
                    self.send(self.wire.FETCH_BODY, bytes(part), not body)
            while not self.is_over():
                arrived = len(self.chunks)
                self.call.wait(lambda: self.is_over() or len(self.chunks) > arrived or self.size > limit)
                if self.size > limit:
                    raise self.wire.FunctionError("egress.size", f"the answer has more than the {limit} bytes that fit here")
                self.grant()
            if self.failure:
                raise self.failure
            return Answer(self.status, self.headers, b"".join(self.chunks))
        finally:
            with self.call.news:
                self.call.fetches.pop(self.number, None)
            if not self.is_complete and not self.failure:
                self.send(self.wire.FETCH_CANCEL, b"", False)

    def is_over(self):
        return self.is_complete or self.failure is not None

    def grant(self):
        """Lets more of the answer come, once enough of it has."""
        with self.call.news:
            received = self.size - self.consumed
            if received < self.wire.WINDOW_STEP or self.is_complete:
                return
            self.consumed, self.allowance = self.size, self.allowance + received
        self.send(self.wire.FETCH_WINDOW, struct.pack("<I", received), False)

    def send(self, type, payload, is_end):
        if not self.call.has_ended:
            self.call.connection.send(type, self.call.number, struct.pack("<I", self.number) + payload, is_end)
