extension ResponseHead {
    /// A head that the node will take.
    ///
    /// - Throws: an error of type `InvalidResponse` that says what is wrong with it.
    static func checked(status: Int, headers: Headers) throws(FunctionError) -> ResponseHead {
        guard let status = UInt16(exactly: status), (100...599).contains(status) else {
            throw FunctionError("InvalidResponse", "\(status) is no HTTP status")
        }
        let head = ResponseHead(status: status, headers: headers.fields)
        guard headers.count <= WireLimits.responseHeaders else {
            throw FunctionError("InvalidResponse", "a response may have \(WireLimits.responseHeaders) headers")
        }
        guard headers.fields.allSatisfy({ $0.name.utf8.count <= 1024 }), head.encodedSize <= WireLimits.payload / 2
        else {
            throw FunctionError("InvalidResponse", "the response's headers are too long")
        }
        return head
    }
}
