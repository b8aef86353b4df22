-- wrk's script: POSTs a body of a size, and prints the results in one line that a program can read.
-- Arguments after `--`: the size of the body in bytes; `close` for a connection of its own for each request. There is no request function, so wrk builds the request once.

function init(arguments)
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/octet-stream"
    if arguments[2] == "close" then wrk.headers["Connection"] = "close" end
    wrk.body = string.rep("x", tonumber(arguments[1] or "64"))
end

-- result: requests, duration us, p50 us, p99 us, mean us, errors of connect, read, write, status, timeout
function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        "result %d %d %d %d %.2f %d %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(50),
        latency:percentile(99), latency.mean, errors.connect, errors.read, errors.write, errors.status,
        errors.timeout))
end
