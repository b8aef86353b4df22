/// Writes the files of a new function.
package struct Scaffold: Sendable {
    private let folder: String

    package init(folder: String) { self.folder = folder }

    /// Makes the folder and the files; refuses a folder that has anything in it.
    package func write(_ files: [TemplateFile]) throws {
        if System.isFolder(folder) {
            guard System.isEmptyFolder(folder) else {
                throw CommandFailure("'\(folder)' is not empty; choose another folder with --path")
            }
        }
        for file in files {
            let path = Paths.join(folder, file.path)
            guard System.makeFolders(Paths.parent(of: path)),
                System.create(path, Array(file.text.utf8), executable: file.isExecutable)
            else { throw CommandFailure("'\(path)' cannot be written: \(System.reason)") }
        }
    }
}
