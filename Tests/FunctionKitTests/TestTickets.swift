import FunctionKit
import Glibc

/// The node's side of the page of tickets, for a test.
final class TestTickets {
    let page: TicketPage
    let descriptor: Int32

    init() throws {
        // A file that nobody else finds: Swift does not import memfd_create.
        let path = "/tmp/tickets-test-\(UInt64.random(in: 0...UInt64.max))"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0, unsafe unlink(path) == 0, ftruncate(descriptor, TicketPage.size) == 0 else {
            throw SystemError("open \(path)", errno)
        }
        self.descriptor = descriptor
        page = try TicketPage(descriptor)
    }

    deinit { System.close(descriptor) }
}
