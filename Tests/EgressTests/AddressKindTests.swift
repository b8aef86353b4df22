import Domain
import Egress
import Testing

struct AddressKindTests {
    @Test(
        "every address is of its kind, at both ends of its network",
        arguments: [
            ("8.8.8.8", AddressKind.public), ("1.0.0.0", .public), ("9.255.255.255", .public), ("11.0.0.0", .public),
            ("223.255.255.255", .public), ("2000::", .public), ("2606:4700::1111", .public), ("3ffe:ffff::", .public),
            ("2001:200::1", .public), ("172.15.255.255", .public), ("172.32.0.0", .public), ("100.63.255.255", .public),
            ("100.128.0.0", .public), ("169.253.255.255", .public), ("169.255.0.0", .public),
            ("198.17.255.255", .public),
            ("198.20.0.0", .public), ("128.0.0.0", .public), ("126.255.255.255", .public),
            ("0.0.0.0", .unspecified), ("0.255.255.255", .unspecified), ("::", .unspecified),
            ("127.0.0.1", .loopback), ("127.255.255.255", .loopback), ("::1", .loopback),
            ("10.0.0.0", .private), ("10.255.255.255", .private), ("172.16.0.0", .private),
            ("172.31.255.255", .private), ("192.168.0.0", .private), ("192.168.255.255", .private),
            ("fc00::", .private),
            ("fdff:ffff::1", .private), ("fec0::1", .private), ("feff::1", .private),
            ("100.64.0.0", .carrierGrade), ("100.127.255.255", .carrierGrade),
            ("169.254.0.1", .linkLocal), ("169.254.169.253", .linkLocal), ("fe80::1", .linkLocal),
            ("febf:ffff::1", .linkLocal),
            ("169.254.169.254", .metadata), ("169.254.170.2", .metadata), ("fd00:ec2::254", .metadata),
            ("100.100.100.200", .metadata), ("168.63.129.16", .metadata), ("192.0.0.192", .metadata),
            ("224.0.0.1", .multicast), ("239.255.255.255", .multicast), ("ff02::1", .multicast),
            ("192.0.2.1", .documentation), ("198.51.100.7", .documentation), ("203.0.113.9", .documentation),
            ("2001:db8::1", .documentation), ("3fff:fff::1", .documentation),
            ("198.18.0.0", .benchmarking), ("198.19.255.255", .benchmarking), ("2001:2::1", .benchmarking),
            ("64:ff9b::7f00:1", .translated), ("64:ff9b:1::7f00:1", .translated), ("2002:7f00:1::", .translated),
            ("2001:0:1::1", .translated), ("::127.0.0.1", .translated), ("192.88.99.1", .translated),
            ("240.0.0.1", .reserved), ("255.255.255.255", .reserved), ("192.0.0.1", .reserved), ("100::1", .reserved),
            ("4000::1", .reserved), ("2001:20::1", .reserved), ("5f00::1", .reserved),
        ]
    )
    func kinds(text: String, kind: AddressKind) throws {
        #expect(AddressKind(try #require(IPAddress(text))) == kind)
    }

    @Test(
        "IPv4 in its IPv6 form is the IPv4 address",
        arguments: [
            ("::ffff:127.0.0.1", AddressKind.loopback), ("::ffff:7f00:1", .loopback), ("::ffff:a9fe:a9fe", .metadata),
            ("::ffff:10.0.0.1", .private), ("::ffff:8.8.8.8", .public), ("0:0:0:0:0:ffff:0:0", .unspecified),
        ]
    )
    func mapped(text: String, kind: AddressKind) throws {
        #expect(AddressKind(try #require(IPAddress(text))) == kind)
    }

    @Test("the table is whole: every entry of it parses")
    func table() throws {
        // A network that did not parse would silently be public.
        let all: [AddressKind] = AddressKind.allCases
        #expect(all.count == 12)
        #expect(try AddressKind(#require(IPAddress("2620:4f:8000::1"))) == .reserved)
        #expect(try AddressKind(#require(IPAddress("192.175.48.1"))) == .reserved)
        #expect(try AddressKind(#require(IPAddress("192.31.196.1"))) == .reserved)
        #expect(try AddressKind(#require(IPAddress("192.52.193.1"))) == .reserved)
    }
}
