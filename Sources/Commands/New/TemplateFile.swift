/// A file that a new function begins with.
package struct TemplateFile: Hashable, Sendable {
    /// Its path in the function's folder.
    package let path: String
    package let text: String
    package let isExecutable: Bool
}
