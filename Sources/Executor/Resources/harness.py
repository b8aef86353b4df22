"""Runs a Python function inside a Godwit instance: `python3 -I -S -B harness.py module:function`.

The bundle is the working directory; descriptor 3 is a stream socket to the node, on which this file speaks the frames
that FunctionKit speaks (`Sources/FunctionKit/Wire`). Whatever costs time at start is imported when it is first needed.

A handler is `def handle(event, context)`; beside it there may be `def initialise()`, which runs once, before the first
call. `from godwit import Response, FunctionError` gives the classes of these names below.
"""

import _thread
import os
import select
import struct
import sys
import time

SOCKET = 3
READY, REQUEST, BODY, RESPONSE, FAILURE, LOG, WINDOW, CANCEL, METRIC = range(1, 10)
FETCH, FETCH_BODY, FETCH_RESPONSE, FETCH_FAILURE, FETCH_WINDOW, FETCH_CANCEL = range(10, 16)
FROM_NODE = (BODY, WINDOW, CANCEL, FETCH_BODY, FETCH_RESPONSE, FETCH_FAILURE, FETCH_WINDOW)
HEADER = struct.Struct("<IBBHQ")  # length, type, flags, reserved, call
MAX_PAYLOAD, INITIAL_WINDOW, WINDOW_STEP, CHUNK = 1 << 20, 262_144, 65_536, 65_536
LEVELS = ("trace", "debug", "info", "notice", "warning", "error", "critical")
KINDS = ("counter", "gauge", "histogram")


class Cancelled(Exception):
    """Nobody waits for the call any more."""


class FunctionError(Exception):
    """An error with a type of its own; with a status it becomes a response, without one the call fails."""

    def __init__(self, type, message, status=None):
        super().__init__(message)
        self.type, self.status = type, status


def leave(code, message=None):
    """Ends the process at once, whatever its threads do."""
    try:
        if message:
            print(f"harness: {message}", file=sys.stderr)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def load_beside(name):
    """Loads a file beside this one; most functions never need it, and every one pays for what is read at start."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py")
    module = type(sys)(f"godwit_{name}")
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), module.__dict__)
    return module


def violation(what):
    """The node sent what it may not send: nothing that comes after it can be trusted."""
    leave(70, f"the node broke the protocol: {what}")


def sized(format, data):
    """Bytes or text behind their length."""
    data = data.encode("utf-8", "replace") if isinstance(data, str) else data
    return struct.pack(format, len(data)) + data


class Headers(dict):
    """Header names in lower case; looked up in any case. Of several values, the first."""

    def __getitem__(self, name):
        return super().__getitem__(name.lower())

    def get(self, name, default=None):
        return super().get(name.lower(), default)


class Event:
    """The request: method, path, query, headers, body."""

    def __init__(self, call, body):
        self.method, self.path, self.query, self.headers = call.method, call.path, call.query, call.headers
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def json(self):
        import json

        try:
            return json.loads(self.body)
        except ValueError as error:
            raise FunctionError("BadRequest", f"the body is not valid JSON: {error}", 400) from None

    @property
    def query_items(self):
        """The query as a dictionary, decoded; of several values, the first."""
        from urllib.parse import parse_qsl

        return dict(reversed(parse_qsl(self.query, keep_blank_values=True)))


class Log:
    """Writes log entries: log.info("text"), and so on for every level."""

    def __init__(self, connection, number):
        self.connection, self.number = connection, number

    def __getattr__(self, level):
        if level not in LEVELS:
            raise AttributeError(f"there is no log level '{level}'")
        first = bytes([LEVELS.index(level)])
        return lambda text: self.connection.send(LOG, self.number(), first + str(text).encode(errors="replace")[:32768])


class Context:
    """What a handler knows of its call."""

    def __init__(self, call):
        self._call, self.function, self.call_id = call, call.connection.function, call.execution_id
        self.version, self.traceparent = call.version, call.traceparent
        self.log = Log(call.connection, lambda: call.live_number)

    @property
    def http(self):
        """Calls other services, through the node's egress broker."""
        if not hasattr(self, "_http"):
            self._http = load_beside("fetch").HTTP(self._call, sys.modules[__name__])
        return self._http

    def remaining(self):
        """Seconds until the deadline; never negative."""
        return max(0.0, self._call.deadline - time.monotonic())

    @property
    def cancelled(self):
        """Whether nobody waits for the answer any more."""
        self._call.connection.poll()
        return self._call.is_cancelled

    def metric(self, name, value, kind="counter"):
        """Reports a number; kind is counter, gauge or histogram."""
        payload = struct.pack("<Bd", KINDS.index(kind), value) + name.encode()[:128]
        self._call.connection.send(METRIC, self._call.live_number, payload)


class Response:
    """An answer; headers are a dictionary or a list of pairs, a body may be anything that a handler may return."""

    def __init__(self, body=b"", status=200, headers=None, type=None):
        self.status, default = status, "application/octet-stream"
        self.headers = list(headers.items()) if isinstance(headers, dict) else list(headers or [])
        if isinstance(body, str):
            body, default = body.encode(), "text/plain; charset=utf-8"
        elif body is None or isinstance(body, (bytes, bytearray, memoryview)):
            body = bytes(body or b"")
        elif not hasattr(body, "__next__"):
            import json

            body, default = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), "application/json"
        self.body = body
        if (type or body != b"") and all(name.lower() != "content-type" for name, _ in self.headers):
            self.headers.append(("Content-Type", type or default))

    @classmethod
    def of(cls, value):
        """Makes a response of what a handler returned."""
        if isinstance(value, tuple) and 2 <= len(value) <= 3:
            return cls(value[1], value[0], *value[2:])
        return value if isinstance(value, cls) else cls(value, 204 if value is None else 200)

    def head(self):
        """The bytes of a response frame before the body."""
        if type(self.status) is not int or not 100 <= self.status <= 599:
            raise FunctionError("InvalidResponse", f"{self.status!r} is no HTTP status")
        pairs = [(str(name)[:1024], str(value)) for name, value in self.headers[:256]]
        head = struct.pack("<HH", self.status, len(pairs))
        head += b"".join(sized("<H", name) + sized("<I", value) for name, value in pairs)
        if len(self.headers) > 256 or len(head) > MAX_PAYLOAD // 2:
            raise FunctionError("InvalidResponse", "the headers are too many or too long")
        return head


class Reader:
    """A position in a payload; reading beyond the end is a violation."""

    def __init__(self, payload):
        self.payload, self.offset = payload, 0

    def take(self, length):
        self.offset += length
        if self.offset > len(self.payload):
            violation("a payload ends early")
        return self.payload[self.offset - length : self.offset]

    def number(self, format):
        return struct.unpack(format, self.take(struct.calcsize(format)))[0]

    def text(self, format):
        return self.take(self.number(format)).decode("utf-8", "replace")


class Call:
    """One call: what has come of its body, what may go of its answer."""

    def __init__(self, number, payload, is_complete, connection):
        reader = Reader(payload)
        self.number, self.connection, self.news = number, connection, connection.condition()
        self.method, self.path, self.query = reader.text("<H"), reader.text("<I"), reader.text("<I")
        self.traceparent, self.execution_id = reader.text("<H"), reader.text("<H")
        self.deadline = time.monotonic() + reader.number("<Q") / 1e6
        self.version, self.headers = reader.number("<I"), Headers()
        for _ in range(reader.number("<H")):
            name, value = reader.text("<H").lower(), reader.text("<I")
            self.headers.setdefault(name, value)
        self.chunks, self.is_complete = [], False
        self.allowance, self.consumed, self.send_window = INITIAL_WINDOW, 0, INITIAL_WINDOW
        self.is_cancelled, self.has_begun, self.has_ended = False, False, False
        self.fetches, self.fetch_count = {}, 0
        self.receive(BODY, payload[reader.offset :], is_complete)

    @property
    def live_number(self):
        """The call's number, or the instance's once the call has ended."""
        return 0 if self.has_ended else self.number

    def receive(self, type, payload, is_end):
        """Takes a frame of this call."""
        with self.news:
            if type == BODY:
                self.allowance -= len(payload)
                if self.is_complete or self.allowance < 0:
                    violation("a body goes on after its end, or does not keep to its window")
                self.chunks.append(payload)
                self.is_complete = is_end
            elif type == WINDOW:
                self.send_window += Reader(payload).number("<I")
            elif type >= FETCH:
                reader = Reader(payload)
                fetch = self.fetches.get(reader.number("<I"))
                # One that has ended meanwhile is nobody's.
                if fetch:
                    fetch.receive(type, reader, is_end)
            else:
                self.is_cancelled = True
            self.news.notify_all()

    def wait(self, until):
        """Waits until `until()` is true; raises when nobody waits for the call any more."""
        with self.news:
            self.news.wait_for(lambda: self.is_cancelled or until())
        if self.is_cancelled:
            raise Cancelled("the call was cancelled")

    def body(self, limit):
        """Reads the whole body."""
        parts, size, is_complete = [], 0, False
        while not is_complete:
            self.wait(lambda: self.chunks or self.is_complete)
            with self.news:
                chunks, self.chunks, is_complete = self.chunks, [], self.is_complete
                self.consumed += sum(map(len, chunks))
                grant = self.consumed if self.consumed >= WINDOW_STEP and not is_complete else 0
                self.allowance, self.consumed = self.allowance + grant, self.consumed - grant
            parts, size = parts + chunks, size + sum(map(len, chunks))
            if size > limit:
                raise FunctionError("BodyTooLong", f"the body has more than {limit} bytes", 413)
            if grant:
                self.connection.send(WINDOW, self.number, struct.pack("<I", grant))
        return b"".join(parts)

    def end(self):
        """No frame of this call may follow the next one."""
        self.has_ended = True
        self.connection.forget(self.number)

    def send(self, head, data, is_last):
        """Sends bytes of the answer, the first with the head if there is one; waits for the window."""
        data, type = memoryview(data), BODY if head is None else RESPONSE
        while True:
            self.wait(lambda: self.send_window > 0 or not data)
            with self.news:
                part = data[: min(CHUNK, self.send_window)]
                self.send_window -= len(part)
            data, is_end = data[len(part) :], is_last and len(part) == len(data)
            if is_end:
                self.end()
            self.has_begun = True
            self.connection.send(type, self.number, (head or b"") + part, is_end)
            type, head = BODY, None
            if not data:
                return

    def answer(self, response):
        """Sends a whole response."""
        if isinstance(response.body, bytes):
            return self.send(response.head(), response.body, True)
        self.send(response.head(), b"", False)
        for part in response.body:
            self.send(None, part.encode() if isinstance(part, str) else part, False)
        self.send(None, b"", True)

    def fail(self, error):
        """Ends the call with an error."""
        if self.has_ended:
            return
        self.end()
        kind = error.type if isinstance(error, FunctionError) else type(error).__name__
        payload = sized("<H", str(kind)[:200]) + sized("<I", str(error)[:32_768])
        self.connection.send(FAILURE, self.number, payload, True)


class Pumping:
    """Stands for a condition where the only thread reads the socket itself."""

    def __init__(self, connection):
        self.connection = connection

    def __enter__(self):
        pass

    def __exit__(self, *error):
        pass

    def notify_all(self):
        pass

    def wait_for(self, until):
        # A handler may have threads of its own that make requests: one of them reads, for all.
        while not until():
            with self.connection.pump_lock:
                if until():
                    return
                self.connection.pump()


class Connection:
    """The socket to the node: reads frames for the calls, writes frames whole."""

    def __init__(self, function, concurrency):
        self.function, self.concurrency = function, concurrency
        self.buffer, self.arrived, self.calls = bytearray(), [], {}
        self.ended = []  # numbers of calls that ended a moment ago
        self.lock, self.write_lock = _thread.allocate_lock(), _thread.allocate_lock()
        self.pump_lock = _thread.allocate_lock()
        self.readable = select.poll()
        self.readable.register(SOCKET, select.POLLIN)

    def condition(self):
        """What threads of this process wait for."""
        if self.concurrency == 1:
            return Pumping(self)
        import threading

        return threading.Condition()

    def send(self, type, call, payload=b"", is_end=False):
        frame = memoryview(HEADER.pack(len(payload), type, is_end, 0, call) + payload)
        with self.write_lock:
            try:
                while frame:
                    frame = frame[os.write(SOCKET, frame) :]
            except OSError:
                leave(0)  # the node is gone

    def forget(self, number):
        with self.lock:
            self.calls.pop(number, None)
            self.ended = self.ended[-(self.concurrency + 16) :] + [number]

    def poll(self):
        """Reads what is there already, where no other thread does."""
        if self.concurrency == 1 and self.pump_lock.acquire(False):
            try:
                if select.select([SOCKET], [], [], 0)[0]:
                    self.pump()
            finally:
                self.pump_lock.release()

    def pump(self):
        """Reads once and gives frames to their calls; ends the process at the end of the stream."""
        try:
            # Who waits in read() is woken when the node takes what was written, too; poll() wakes for bytes only.
            self.readable.poll()
            data = os.read(SOCKET, CHUNK + HEADER.size)
        except ConnectionResetError:
            data = b""
        except OSError as error:
            leave(70, f"the socket to the node does not work: {error}")
        if not data:
            leave(0)
        self.buffer += data
        while len(self.buffer) >= HEADER.size:
            length, type, flags, reserved, call = HEADER.unpack_from(self.buffer)
            if length > MAX_PAYLOAD or flags > 1 or reserved:
                violation("the header of a frame does not parse")
            if len(self.buffer) < HEADER.size + length:
                return
            payload = bytes(self.buffer[HEADER.size : HEADER.size + length])
            del self.buffer[: HEADER.size + length]
            self.route(type, call, payload, flags == 1)

    def route(self, type, number, payload, is_end):
        with self.lock:
            call, has_ended = self.calls.get(number), number in self.ended
            if type == REQUEST and number != 0 and not call and len(self.calls) < self.concurrency:
                self.calls[number] = Call(number, payload, is_end, self)
                self.arrived.append(self.calls[number])
            elif type not in FROM_NODE or not (call or has_ended):
                violation(f"a frame of type {type} was not expected for call {number}")
        if call:
            call.receive(type, payload, is_end)


class Harness:
    """Loads the handler and serves calls."""

    def __init__(self, connection, handler):
        self.connection, self.current, self.has_logging = connection, {}, False
        self.limit = int(os.environ.get("GODWIT_MAX_BODY") or 32 << 20)
        module, _, name = handler.partition(":")
        __import__(module)
        self.handle = getattr(sys.modules[module], name or "handle")
        getattr(sys.modules[module], "initialise", lambda: None)()

    def connect_logging(self):
        """Sends what Python's logging says to the node, once the function has imported it."""
        if self.has_logging or "logging" not in sys.modules:
            return
        import logging

        self.has_logging, levels = True, ("debug", "debug", "info", "warning", "error", "critical")
        log = Log(self.connection, lambda: self.current.get(_thread.get_ident(), lambda: 0)())

        class Handler(logging.Handler):
            def emit(self, record):
                getattr(log, levels[max(0, min(5, record.levelno // 10))])(self.format(record))

        logging.basicConfig(handlers=[Handler()], format="%(name)s: %(message)s", level=logging.INFO)

    def serve(self, call):
        self.current[_thread.get_ident()] = lambda: call.live_number
        try:
            event = Event(call, call.body(self.limit))
            self.connect_logging()
            result = self.handle(event, Context(call))
            if hasattr(result, "__await__"):
                import asyncio

                result = asyncio.run(result)
            call.answer(Response.of(result))
        except (Exception, SystemExit) as error:
            self.failed(call, error)

    def rehearse(self):
        """Answers a call that nobody made, to nobody: a fork shares its memory with its zygote until it writes to it, and what
        every call writes to is its own after this, so that the first one need not wait for that."""
        connection = Connection("", 1)
        connection.send = lambda type, call, payload=b"", is_end=False: HEADER.pack(len(payload), type, is_end, 0, call)
        head = sized("<H", "POST") + sized("<I", "/") + sized("<I", "") + sized("<H", "") + sized("<H", "")
        call = Call(1, head + struct.pack("<QIH", 1_000_000, 1, 0) + bytes(64), True, connection)
        event = Event(call, call.body(self.limit))
        Context(call).remaining()
        call.answer(Response.of(event.text))

    def failed(self, call, error):
        """Answers with the status of an error that has one; else fails the call and logs where it came from."""
        try:
            if isinstance(error, FunctionError) and error.status is not None and not call.has_begun:
                problem = {"title": error.type, "status": error.status, "detail": str(error)}
                return call.answer(Response(problem, error.status, type="application/problem+json"))
        except (FunctionError, Cancelled) as other:
            error = other
        if not isinstance(error, (Cancelled, FunctionError)):
            from traceback import format_exception

            # The first entry is this file's; the author wants the rest.
            trace = error.__traceback__.tb_next or error.__traceback__
            text = "".join(format_exception(type(error), error, trace, limit=-8)).rstrip()
            Log(self.connection, lambda: call.live_number).error(text)
        call.fail(error)

    def work(self, condition):
        """The life of a thread that serves calls."""
        while True:
            with condition:
                self.idle += 1
                condition.wait_for(lambda: self.connection.arrived)
                self.idle -= 1
                call = self.connection.arrived.pop(0)
            self.serve(call)

    def run(self):
        """Reads for ever; serves calls here, or in threads that are started when they are first needed."""
        condition, workers, self.idle = self.connection.condition(), 0, 0
        while self.connection.concurrency == 1:
            condition.wait_for(lambda: self.connection.arrived)
            self.serve(self.connection.arrived.pop(0))
        while True:
            self.connection.pump()
            with condition:
                missing = min(len(self.connection.arrived) - self.idle, self.connection.concurrency - workers)
                for _ in range(missing):
                    _thread.start_new_thread(self.work, (condition,))
                workers += max(0, missing)
                condition.notify_all()


def main():
    sys.stdout.reconfigure(line_buffering=True)
    sys.path.insert(0, os.getcwd())
    version = "python%d.%d" % sys.version_info[:2]
    sys.path += [f"/usr/local/lib/{version}/dist-packages", "/usr/lib/python3/dist-packages"]
    module = sys.modules["godwit"] = type(sys)("godwit", "What a handler may import.")
    module.Response, module.FunctionError = Response, FunctionError
    concurrency = max(1, int(os.environ.get("GODWIT_CONCURRENCY") or 1))
    connection = Connection(os.environ.get("GODWIT_FUNCTION", ""), concurrency)
    began = time.monotonic_ns()
    try:
        harness = Harness(connection, sys.argv[1] if len(sys.argv) > 1 else "handler:handle")
    except BaseException as error:
        from traceback import print_exception

        print_exception(type(error), error, error.__traceback__.tb_next, limit=-8)
        leave(1, "the function could not be initialised")
    took = time.monotonic_ns() - began
    if os.environ.pop("GODWIT_ZYGOTE", None):
        load_beside("zygote").wait(harness.rehearse)
        took = 0
    # The last byte: starting from here again would save time.
    connection.send(READY, 0, struct.pack("<BQB", 1, took, 1))
    harness.run()


if __name__ == "__main__":
    main()
