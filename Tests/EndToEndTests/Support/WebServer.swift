import Foundation

/// A plain web server on loopback that functions call, in a process of its own: it answers, redirects, drips and floods.
final class WebServer: Sendable {
    private static let source = #"""
        import http.server, sys, time, urllib.parse
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *arguments): pass
            def answer(self, status, body=b"", headers={}):
                self.send_response(status)
                for name, value in headers.items(): self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def do_GET(self):
                url = urllib.parse.urlsplit(self.path)
                query = dict(urllib.parse.parse_qsl(url.query))
                if url.path == "/hello": self.answer(200, b"hello", {"X-From": "afar"})
                elif url.path == "/to": self.answer(302, b"", {"Location": query["url"]})
                elif url.path == "/big": self.answer(200, b"x" * int(query["bytes"]))
                elif url.path == "/slow": time.sleep(10); self.answer(200, b"late")
                elif url.path == "/secret": self.answer(200, str(self.headers.get("Authorization")).encode())
                elif url.path == "/lie":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort"); self.close_connection = True
                else: self.answer(404, b"no")
            def do_POST(self):
                length = int(self.headers.get("Content-Length") or 0)
                self.answer(201, self.rfile.read(length)[::-1])
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """#

    let port: Int
    private let process: Process

    init() throws {
        process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-I", "-c", Self.source]
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.split(separator: "\n").first ?? "") else {
            throw TestNode.Failure(description: "the web server did not start")
        }
        self.port = port
    }

    deinit {
        // By force: a test's threads may block the others, and what they start inherits that.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
