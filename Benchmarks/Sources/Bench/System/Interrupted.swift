/// Somebody pressed Ctrl-C, or SIGTERM came: unwinds everything, and what was started is stopped on the way.
struct Interrupted: Error {}
