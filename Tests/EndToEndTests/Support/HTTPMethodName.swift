/// Methods that tests send.
enum HTTPMethodName: String, Sendable {
    case GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS
}
