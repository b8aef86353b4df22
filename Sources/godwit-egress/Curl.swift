import CCurl

/// libcurl, initialised once.
struct Curl {
    /// The files and folders of certificates that it trusts, as it was built.
    let authorities: [String]

    /// Nil where the library does not work, or is not built as it is needed here.
    init?() {
        guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK else { return nil }
        // SAFETY: the library gives its own, constant description; texts in it live as long as the process.
        guard let version = unsafe ccurl_version()?.pointee, unsafe version.ssl_version != nil,
            unsafe version.version_num >= 0x075500
        else { return nil }
        var authorities: [String] = []
        if let file = unsafe version.cainfo { authorities.append(unsafe String(cString: file)) }
        if let folder = unsafe version.capath { authorities.append(unsafe String(cString: folder)) }
        self.authorities = authorities
    }
}
