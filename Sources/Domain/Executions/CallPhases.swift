/// Where the time of a call went, in nanoseconds.
package struct CallPhases: Hashable, Sendable, Codable {
    /// Waiting for an instance.
    package var queue: UInt64
    /// Creating the sandboxed process; 0 for a warm start.
    package var spawn: UInt64
    /// Of that, building the sandbox around the process, up to its exec.
    package var exec: UInt64
    /// From the process's first instruction until the function said it is ready; 0 for a warm start.
    package var initialise: UInt64
    /// Of that, what the function itself did: `initialise()`, or Python's imports.
    package var function: UInt64
    /// From handing the request over until the end of the response.
    package var run: UInt64

    package init(
        queue: UInt64 = 0,
        spawn: UInt64 = 0,
        exec: UInt64 = 0,
        initialise: UInt64 = 0,
        function: UInt64 = 0,
        run: UInt64 = 0
    ) {
        self.queue = queue
        self.spawn = spawn
        self.exec = exec
        self.initialise = initialise
        self.function = function
        self.run = run
    }

    /// The two parts are absent in what older nodes say.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            queue: try values.decode(UInt64.self, forKey: .queue),
            spawn: try values.decode(UInt64.self, forKey: .spawn),
            exec: try values.decodeIfPresent(UInt64.self, forKey: .exec) ?? 0,
            initialise: try values.decode(UInt64.self, forKey: .initialise),
            function: try values.decodeIfPresent(UInt64.self, forKey: .function) ?? 0,
            run: try values.decode(UInt64.self, forKey: .run)
        )
    }

    package var total: UInt64 { queue + spawn + initialise + run }
}
