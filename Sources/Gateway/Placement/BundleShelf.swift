import Continuum
package import Domain
import NIOCore
import NIOFileSystem
import SystemPackage

/// The bundles of this node as they were uploaded, kept so that peers can be sent them.
package struct BundleShelf: Sendable {
    /// How long sending one may take.
    private static let limit = TimeAmount.minutes(5)
    private static let piece = 262_144

    private let folder: String

    package init(folder: String) { self.folder = folder }

    /// Where the bundle of a digest is kept.
    package func path(of digest: Digest) -> String { "\(folder)/\(digest.hex).tar.zst" }

    /// Sends the bundle of a version to a peer.
    func send(_ version: FunctionVersion, over link: PeerLink, eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let digest = version.digest
        let link = NIOLoopBound(link, eventLoop: eventLoop)
        let path = FilePath(path(of: digest))
        return eventLoop.makeFutureWithTask {
            let file = try await FileSystem.shared.openFile(forReadingAt: path, options: .init())
            do {
                let size = Int(try await file.info().size)
                try await Self.send(file, size: size, digest: digest, over: link, eventLoop: eventLoop).get()
                try await file.close()
            } catch {
                try? await file.close()
                throw error
            }
        }
    }

    private static func send(
        _ file: ReadFileHandle,
        size: Int,
        digest: Digest,
        over link: NIOLoopBound<PeerLink>,
        eventLoop: any EventLoop
    ) -> EventLoopFuture<Void> {
        eventLoop.flatSubmit {
            var offset = 0
            let body = PeerBody.stream {
                guard offset < size else { return eventLoop.makeSucceededFuture(nil) }
                let (start, count) = (offset, min(piece, size - offset))
                offset += count
                return eventLoop.makeFutureWithTask {
                    try await file.readChunk(fromAbsoluteOffset: Int64(start), length: .bytes(Int64(count)))
                }
            }
            return PeerExchange.send(
                PeerRequest(
                    method: "PUT",
                    target: "/peer/v1/bundles/\(digest.hex)",
                    headers: [HeaderField("host", link.value.address.host)]
                ),
                body: body,
                over: link.value,
                within: limit,
                eventLoop: eventLoop
            )
            .flatMapThrowing { answer in
                guard (200..<300).contains(answer.status) else {
                    let text = Printable.text(String(buffer: answer.body))
                    throw PeerLoss(
                        mayHaveStarted: false,
                        reason: "it refused the bundle with status \(answer.status): \(text)"
                    )
                }
            }
        }
    }
}
