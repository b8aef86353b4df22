import Domain
import FunctionKit
import NIOCore

/// Calls that lie with an instance ahead of their turn.
extension Instance {
    /// Whether some lie there that it is not known to have begun.
    var hasLineup: Bool { lineup?.calls.isEmpty == false }

    func hasLined(_ call: Call) -> Bool { lineup?.calls.contains { $0 === call } == true }

    /// Lays a call behind those that the instance has; false where that cannot be.
    func lineUp(_ call: Call) -> Bool {
        guard !isEnding, !calls.isEmpty, let body = call.shortBody, let lineup = openLineup() else { return false }
        if !hasLineup { progressedAt = System.monotonicNanoseconds() }
        guard lineup.append(call) else { return false }
        // It is short enough to be there whole.
        _ = appendFrame(.offer, of: call, body: body, isEnd: true)
        sendUnsentSoon()
        lastCall = max(lastCall, call.number)
        call.linedUp(at: self)
        return true
    }

    /// The place where they lie; it is made when first there is use for it.
    private func openLineup() -> Lineup? {
        if let lineup { return lineup }
        // Its frame must not fall into another that waits to be written.
        guard linesUp, let channel, channel.isActive,
            let options = channel.syncOptions, (try? options.getOption(.bufferedWritableBytes)) == 0
        else { return nil }
        lineup = try? Lineup(over: frameSocket)
        linesUp = lineup != nil
        return lineup
    }

    /// The turn of the next has come, if there is one: the function has answered what was before it.
    func beginNext() {
        guard let next = lineup?.removeFirst() else { return }
        calls[next.number] = next
        progressedAt = System.monotonicNanoseconds()
        begins(next)
        next.dispatched(to: self, start: .warm)
    }

    /// The next in line, where a frame that is about this call shows that its turn has come.
    func beginNext(if number: UInt64) -> Call? {
        guard lineup?.calls.first?.number == number else { return nil }
        beginNext()
        return calls[number]
    }

    /// Takes back the calls that it has not begun, in the order in which they came.
    func takeBack() -> [Call] {
        guard let lineup else { return [] }
        // One whose turn was thought to have come may be among them.
        let back = (Array(calls.values) + lineup.remaining).filter(lineup.takeBack)
        for call in back { calls[call.number] = nil }
        return back.sorted { $0.number < $1.number }
    }
}
