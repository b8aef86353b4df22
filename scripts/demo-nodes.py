"""The three nodes of the demo, the relay that stands for a wide-area network, and what is asked of them."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from shown import Failure

DELAY, JITTER, RATE = "20ms", "4ms", 100  # one way; Mbit/s


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Process:
    """A process that ends with the demo."""

    def __init__(self, name, arguments, log, environment=None, pipe=False):
        self.name, self.log = name, log
        with open(log, "wb") as file:
            self.process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if pipe else file, stderr=file,
                env=environment, start_new_session=True, text=pipe,
            )

    @property
    def runs(self):
        return self.process.poll() is None

    def signal(self, number):
        if self.runs:
            self.process.send_signal(number)

    def wait(self, limit=20):
        """Waits for its end after a signal; what was wrong with it, if anything."""
        trouble = None
        try:
            self.process.wait(limit)
        except subprocess.TimeoutExpired:
            trouble = f"{self.name} did not end within {limit} s and was killed"
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        return trouble

    def last_words(self):
        with open(self.log, errors="replace") as log:
            return "".join(log.readlines()[-12:])


class Node:
    """One node: its data folder, its configuration, its process, and what is asked of it."""

    def __init__(self, continuum, role, name, configuration):
        self.continuum, self.role, self.name = continuum, role, name
        self.process, self.killed = None, False
        self.data = tempfile.mkdtemp(prefix=f"godwit-demo-{name}-")  # its alone: as root it gives it to its own user
        self.configuration = os.path.join(continuum.work, f"{name}.yaml")
        with open(self.configuration, "w") as file:
            file.write(configuration)

    def start(self, *arguments):
        """Starts it; it is waited for apart."""
        self.process = Process(
            self.name,
            [self.continuum.godwit, "up", "--data", self.data, "--config", self.configuration,
             "--listen", "127.0.0.1:0", *arguments],
            os.path.join(self.continuum.work, f"{self.name}.log"), self.continuum.environment,
        )

    def wait_until_ready(self):
        access, until = os.path.join(self.data, "client.json"), time.monotonic() + 20
        while time.monotonic() < until:
            if not self.process.runs:
                raise Failure(f"{self.name} did not start:\n{self.process.last_words()}")
            if os.path.exists(access):
                with open(access) as file:
                    found = json.load(file)
                self.url, self.token = found["url"], found["token"]
                try:
                    if self.ask("GET", "/readyz")[0] == 200:
                        return
                except OSError:
                    pass
            time.sleep(0.01)
        raise Failure(f"{self.name} was not ready within 20 s:\n{self.process.last_words()}")

    def connect(self, timeout=60):
        return http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=timeout)

    def ask(self, method, path, body=None, headers=None):
        """One request; its status, headers and body."""
        connection = self.connect()
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def get(self, path, headers=None):
        """A request that must be answered, by a node that should be there."""
        try:
            return self.ask("GET", path, headers=headers)
        except (OSError, http.client.HTTPException) as error:
            self.continuum.check()
            raise Failure(f"{self.name} does not answer: {error}") from None

    def json(self, path):
        status, _, body = self.get(path, {"Authorization": f"Bearer {self.token}"})
        if status != 200:
            raise Failure(f"GET {path} of {self.name} gave {status}: {body.decode(errors='replace')[:300]}")
        return json.loads(body)

    def call_later(self, name, body):
        """A call that does not wait: accepted here, followed to its end; its record and result."""
        status, headers, answer = self.ask("POST", f"/async-function/{name}", body, {})
        if status != 202:
            raise Failure(f"{name} was not accepted: {status} {answer.decode(errors='replace')[:300]}")
        place = headers["Location"]
        record = self.json(f"{place}?wait=20s")
        if record["state"] != "succeeded":
            raise Failure(f"the asynchronous call of {name} is {record['state']}: godwit executions show {place[-26:]}")
        status, _, result = self.get(f"{place}/result", {"Authorization": f"Bearer {self.token}"})
        return record, result

    def call(self, name, body):
        """A call that waits for its answer; its headers and body."""
        try:
            status, headers, answer = self.ask("POST", f"/function/{name}", body)
        except (OSError, http.client.HTTPException) as error:
            self.continuum.check()
            raise Failure(f"{name} at {self.name} was not answered: {error}") from None
        if status != 200:
            raise Failure(f"{name} at {self.name} gave {status}: {answer.decode(errors='replace')[:300]}")
        return headers, answer


class Continuum:
    """edge-1, edge-2 and cloud-1, and the relay before cloud-1."""

    def __init__(self, godwit, configurations):
        self.godwit, self.relay, self.commands, self.nodes = godwit, None, set(), []
        self.work = tempfile.mkdtemp(prefix="godwit-demo-work-")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("GODWIT_")}
        self.relay_program = os.path.join(os.path.dirname(godwit), "wan-relay")
        self.configurations = configurations

    def __getitem__(self, role):
        return next(node for node in self.nodes if node.role == role)

    def start(self):
        """Starts all; under other names where a node on this machine has one of these."""
        if not os.access(self.relay_program, os.X_OK):
            raise Failure(f"{self.relay_program} is missing: swift build -c release --product wan-relay")
        try:
            self.start_as("")
        except Failure as failure:
            if "another spawner named" not in str(failure):
                raise
            self.stop_nodes()
            self.nodes = []
            self.start_as(f"-{os.getpid()}")

    def start_as(self, suffix):
        for role, configuration in self.configurations.items():
            self.nodes.append(Node(self, role, role + suffix, configuration))
        cloud, *edges = self.nodes
        peers = free_port()
        self.relay = Process(
            "the relay",
            [self.relay_program, "--listen", "127.0.0.1:0", "--to", f"127.0.0.1:{peers}", "--delay", DELAY,
             "--jitter", JITTER, "--rate", str(RATE)],
            os.path.join(self.work, "relay.log"), pipe=True,
        )
        line = self.relay.process.stdout.readline()
        if not line.startswith("listening on "):
            raise Failure(f"the relay did not start:\n{self.relay.last_words()}")
        self.relay_address = line.split()[-1]
        cloud.start(
            "--name", cloud.name, "--tier", "cloud", "--site", "region-1", "--peer-listen", f"127.0.0.1:{peers}",
            "--advertise", f"https://{self.relay_address}",
        )
        cloud.wait_until_ready()
        for edge in edges:
            invitation = self.run("invite", "--tier", "edge", "--data", cloud.data).split()
            if invitation[:2] != ["godwit", "join"]:
                raise Failure(f"godwit invite wrote something else than a command: {' '.join(invitation)}")
            self.run(*invitation[1:], "--name", edge.name, "--site", "barn", "--data", edge.data)
            edge.start("--peer-listen", "127.0.0.1:0")
        for edge in edges:
            edge.wait_until_ready()
        self.wait_until_met()

    def wait_until_met(self):
        """Until every node knows every other as alive."""
        until = time.monotonic() + 20
        while True:
            known = {node.name: {one["node"]["name"] for one in self.members(node)} for node in self.nodes}
            if all(len(names) == len(self.nodes) for names in known.values()):
                return
            if time.monotonic() > until:
                raise Failure(f"the nodes did not meet within 20 s; each knows: {known}")
            time.sleep(0.05)

    def members(self, node):
        """The nodes that one takes for alive and ready."""
        return [one for one in node.json("/v1/nodes")["nodes"] if one["state"] == "ready"]

    def run(self, *arguments):
        """A command of godwit; what it wrote."""
        with subprocess.Popen(
            [self.godwit, *arguments], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
        ) as process:
            self.commands.add(process)
            out, errors = process.communicate()
            self.commands.discard(process)
        if process.returncode:
            last = "\n".join((out + errors).splitlines()[-30:])
            raise Failure(f"godwit {' '.join(arguments[:3])} … ended with {process.returncode}:\n{last}")
        return out

    def check(self):
        """Sees to it that no node has ended by itself."""
        for node in self.nodes:
            if not node.killed and not node.process.runs:
                code = node.process.process.returncode
                raise Failure(f"{node.name} ended by itself, with {code}:\n{node.process.last_words()}")
        if not self.relay.runs:
            raise Failure(f"the relay ended by itself:\n{self.relay.last_words()}")

    def kill(self, name):
        """Ends a node with SIGKILL, as a power cut would."""
        node = self[name]
        node.killed = True
        node.process.signal(signal.SIGKILL)
        node.process.process.wait()

    def stop(self):
        """Ends everything; says what was wrong with the end, if anything."""
        trouble = []
        for command in list(self.commands):  # with the builds that they started
            try:
                os.killpg(command.pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
        trouble += self.stop_nodes()
        shutil.rmtree(self.work, ignore_errors=True)
        return trouble

    def stop_nodes(self):
        trouble = []
        running = [node.process for node in self.nodes if node.process]
        for process in running:
            process.signal(signal.SIGTERM)
        trouble += [words for words in (process.wait() for process in running) if words]
        for node in self.nodes:
            # One that was still starting has nothing to drain and just ends of the signal.
            code = node.process.process.returncode if node.process else 0
            if code not in (0, -signal.SIGTERM, -signal.SIGKILL):
                trouble.append(f"{node.name} ended with {code}:\n{node.process.last_words()}")
        if self.relay:
            self.relay.signal(signal.SIGTERM)
            words = self.relay.wait(5)
            if words or self.relay.process.returncode not in (0, -signal.SIGTERM):
                trouble.append(words or f"the relay ended with {self.relay.process.returncode}")
        for node in self.nodes:
            shutil.rmtree(node.data, ignore_errors=True)
            if os.path.exists(node.data):
                trouble.append(f"{node.data} could not be removed")
        return trouble
