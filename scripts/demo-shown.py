"""What the demo writes: headings, commands, tables, and numbers with units."""

import os
import sys

COLOURS = sys.stdout.isatty() and "NO_COLOR" not in os.environ


class Failure(Exception):
    """Something that ends the demo, in words for whoever runs it."""


def paint(code, text):
    return f"\033[{code}m{text}\033[0m" if COLOURS else text


def faint(text):
    return paint("2", text)


def heading(text):
    print("\n" + paint("1", text), flush=True)


def say(text=""):
    print(text if not text else "  " + text, flush=True)


def command(text):
    say(paint("36", "$ " + text))


def short(text, limit=130):
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def unit(value, steps):
    """A number with the unit that makes it readable, three digits long."""
    for factor, name in steps:
        if abs(value) >= factor or (factor, name) == steps[-1]:
            return f"{value / factor:.3g} {name}" if abs(value / factor) < 999.5 else f"{value / factor:.0f} {name}"


def seconds(value):
    return unit(value, [(1, "s"), (1e-3, "ms"), (1e-6, "µs")])


def joules(value):
    return unit(value, [(1, "J"), (1e-3, "mJ"), (1e-6, "µJ")])


def size(count):
    return unit(count, [(1e6, "MB"), (1e3, "kB"), (1, "B")])


def table(rows, right=()):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths))
        ]
        line = "  ".join(cells).rstrip()
        say(faint(line) if number == 0 else line)
