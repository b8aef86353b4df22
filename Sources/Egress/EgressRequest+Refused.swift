package import Domain
package import FunctionKit

extension EgressRequest {
    /// The record of a request that was never made, as far as it can be read.
    package init(refused head: FetchHead, because error: EgressError) {
        let url = try? EgressURL(head.url)
        let host =
            switch url?.host {
            case .name(let name): name
            case .address(let address): address.description
            case nil: Printable.text(head.url)
            }
        self.init(
            method: Printable.text(head.method, limit: 20),
            scheme: url?.scheme ?? .https,
            host: host,
            port: url?.port ?? 0,
            error: error.code.text
        )
    }
}
