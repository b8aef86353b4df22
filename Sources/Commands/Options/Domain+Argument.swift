import ArgumentParser
package import Domain

extension ExecutionState: ExpressibleByArgument {}
extension Scope: ExpressibleByArgument {}
extension RuntimeKind: ExpressibleByArgument {}
