import time


def handle(event, context):
    if event.path == "/slow":
        time.sleep(0.1)
    if event.path == "/flood":
        for _ in range(100):
            print("x" * 1000)
    if event.path == "/stall":
        # Until its time is up, and its process is ended.
        time.sleep(60)
    return event.body
