extension Attack {
    static let network: [Attack] = [
        Attack("tcp_host", .blocked("EACCES"), by: .filter),
        Attack("tcp_internet", .blocked("EACCES"), by: .filter),
        Attack("metadata_169", .blocked("EACCES"), by: .filter),
        Attack("udp_send", .blocked("EACCES"), by: .filter),
        Attack("tcp_fast_open", .blocked("EACCES"), by: .filter),
        Attack("tcp_bind", .blocked("EACCES"), by: .filter),
        Attack("raw_socket", .blocked("EACCES"), by: .filter),
        Attack("packet_socket", .blocked("EACCES"), by: .filter),
        Attack("netlink", .blocked("EACCES"), by: .filter, filterAlone: true),
        Attack("af_alg", .blocked("EACCES"), by: .filter),
        Attack("vsock", .blocked("EACCES"), by: .filter, filterAlone: true),
        Attack("ipv6_socket", .blocked("EACCES"), by: .filter, filterAlone: true),
        Attack("bluetooth_socket", .blocked("EACCES"), by: .filter),
        Attack("unix_abstract", .blocked("EACCES"), by: .filter),
        Attack("unix_path", .blocked("EACCES"), by: .filter),
        Attack("socketpair", .blocked("EACCES"), by: .filter, python: .allowed, any: .allowed, filterAlone: true),
        Attack(
            "socketpair_inet",
            .blocked("EACCES"),
            by: .filter,
            python: .killed("socketpair"),
            any: .killed("socketpair")
        ),
        Attack("scm_rights_flood", .limited(0), by: .kernel),
        Attack("interface_ioctl", .killed("ioctl"), by: .filter),
    ]
}
