/// What an author says on the command line when running a function by hand.
package struct LocalOptions: Equatable {
    /// What was asked for.
    package enum Request: Equatable {
        /// A call of the function.
        case call
        /// The help.
        case help
        /// Nothing that can be done; the text says why.
        case mistake(String)
    }

    /// What to do.
    package private(set) var request = Request.call
    /// The HTTP method of the request.
    package private(set) var method = "POST"
    /// The path after the function's name; begins with a slash.
    package private(set) var path = "/"
    /// The query without its question mark.
    package private(set) var query = ""
    /// The headers, in order.
    package private(set) var headers: [HeaderField] = []
    /// Whether status and headers are printed before the answer.
    package private(set) var showsHead = false

    /// Reads the command line, without the program's name.
    package init(_ arguments: some Sequence<String>) {
        var arguments = arguments.makeIterator()
        while let argument = arguments.next(), request == .call {
            switch argument {
            case "--help", "-h": request = .help
            case "--include", "-i": showsHead = true
            case "--method", "--path", "--query", "--header":
                guard let value = arguments.next() else {
                    request = .mistake("\(argument) needs a value")
                    return
                }
                take(value, for: argument)
            default: request = .mistake("there is no option '\(argument)'")
            }
        }
    }

    private mutating func take(_ value: String, for option: String) {
        switch option {
        case "--method": method = value
        case "--path": path = value.hasPrefix("/") ? value : "/\(value)"
        case "--query": query = value
        default:
            let parts = value.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else {
                request = .mistake("a header is like 'Name: value', not '\(value)'")
                return
            }
            headers.append(HeaderField(String(parts[0]), String(parts[1].drop { $0 == " " })))
        }
    }

    /// The help, for a program of that name.
    static func help(_ program: String) -> String {
        """
        This program is a Godwit function. A Godwit node starts it and calls it over a socket.
        Started by hand, it answers one request: the body is read from standard input, the
        answer goes to standard output, its log to standard error.

        usage: \(program) [options] < body

          --method METHOD     the request's method (POST)
          --path PATH         the path after the function's name (/)
          --query QUERY       the query, without '?'
          --header 'N: V'     a header; may come several times
          --include, -i       print status and headers before the answer
          --help, -h          print this

        It exits with 0, with 2 when the function failed, or with 1 on a status of 400 or more.
        To publish it: godwit deploy

        """
    }
}
