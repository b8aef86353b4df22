import Crypto
import Domain
package import NIOSSL
import SwiftASN1
import X509

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The certificate and key a node shows to its callers: its operator's, or one that it makes itself.
package struct ListenerIdentity: Sendable {
    /// PEM text of the certificate chain.
    package let certificate: String
    /// PEM text of the private key.
    package let key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// Makes a self-signed certificate for these host names and addresses, good for `days`.
    package static func make(hosts: [String], name: String, days: Int = 825) throws -> ListenerIdentity {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName { CommonName("godwit \(name)") }
        let now = Date()
        let names = hosts.map { host -> GeneralName in
            guard let bytes = AddressBytes.parse(host) else { return .dnsName(host) }
            let isVersion4 = !host.contains(":")
            return .ipAddress(ASN1OctetString(contentBytes: ArraySlice(isVersion4 ? Array(bytes.suffix(4)) : bytes)))
        }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(key.publicKey),
            notValidBefore: now.addingTimeInterval(-3600),
            notValidAfter: now.addingTimeInterval(Double(days) * 86400),
            issuer: subject,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(digitalSignature: true, keyCertSign: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names)
            },
            issuerPrivateKey: Certificate.PrivateKey(key)
        )
        return ListenerIdentity(certificate: try certificate.serializeAsPEM().pemString, key: key.pemRepresentation)
    }

    /// The TLS settings of a listener: TLS 1.2 or later.
    package func serverConfiguration() throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
        let privateKey = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(privateKey)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }
}
