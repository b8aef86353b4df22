import FunctionKit
import Synchronization
import Testing

struct TicketPageTests {
    @Test("a call is begun or taken back, never both and never twice")
    func once() throws {
        let page = try TestTickets().page
        #expect(!page.take(1), "there is no ticket")
        #expect(page.lay(1) && page.take(1) && !page.take(1) && !page.revoke(1))
        #expect(page.lay(2) && page.revoke(2) && !page.take(2))
        #expect(page.lay(2) && page.take(2), "it can be laid down again")
    }

    @Test("a place that is in use is not given to another call")
    func places() throws {
        let page = try TestTickets().page
        let places = UInt64(TicketPage.size / 8)
        #expect(page.lay(3) && !page.lay(3 + places))
        #expect(page.take(3) && page.lay(3 + places) && page.take(3 + places))
    }

    @Test("two mappings of one page see one another's exchanges, whoever is first")
    func race() async throws {
        let tickets = try TestTickets()
        let (node, function) = (tickets.page, try TicketPage(tickets.descriptor))
        for call in 1...2_000 as ClosedRange<UInt64> {
            #expect(node.lay(call))
            async let isTaken = OwnThread.run { function.take(call) }
            let isRevoked = node.revoke(call)
            #expect(try await isTaken != isRevoked)
        }
    }
}
