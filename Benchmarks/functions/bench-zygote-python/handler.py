import asyncio, json, sqlite3, ssl  # noqa: E401, F401 - heavy, and not used


def handle(event, context):
    return event.body
