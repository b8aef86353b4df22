/// What `godwit up` leaves in its data folder for the command line to find: `client.json`, readable by its user only.
package struct ClientAccess: Hashable, Sendable, Codable {
    /// Name of the file in the data folder.
    package static let fileName = "client.json"

    package let url: String
    package let token: String
    /// Path of the certificate to trust, where the node made its own.
    package let certificate: String?

    package init(url: String, token: String, certificate: String?) {
        self.url = url
        self.token = token
        self.certificate = certificate
    }
}
