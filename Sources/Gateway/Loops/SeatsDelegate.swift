import HummingbirdCore
import NIOCore

/// The same for the listener that Hummingbird makes.
struct SeatsDelegate: AvailableConnectionsDelegate {
    let seats: Seats
    let loop: any EventLoop

    // They are counted where they are set up.
    mutating func connectionOpened() {}
    mutating func connectionClosed() {}

    func isAcceptingNewConnections() -> Bool { seats.isTurn(of: loop) }
}
