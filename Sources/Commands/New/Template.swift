package import Domain

/// The files that a new function begins with, built into this program from the folder `Templates`.
package enum Template {
    /// A file's path in the new folder, and what is in it.
    private typealias Source = (path: String, bytes: [UInt8])

    /// The files for a runtime, with the name and the dependency on Godwit filled in.
    package static func files(for runtime: RuntimeKind, name: FunctionName, package: String) -> [TemplateFile] {
        sources(for: runtime).map { source in
            let text = String(decoding: source.bytes, as: UTF8.self)
                .replacing("{{name}}", with: name.text)
                .replacing("{{module}}", with: module(name))
                .replacing("{{package}}", with: package)
            return TemplateFile(path: source.path, text: text, isExecutable: text.hasPrefix("#!"))
        }
    }

    private static func sources(for runtime: RuntimeKind) -> [Source] {
        switch runtime {
        case .swift:
            [
                ("Package.swift", PackageResources.swift_Package_swift_template),
                ("Sources/Handler.swift", PackageResources.swift_Handler_swift_template),
                ("Tests/HandlerTests.swift", PackageResources.swift_HandlerTests_swift_template),
                ("function.yaml", PackageResources.swift_function_yaml_template),
                ("README.md", PackageResources.swift_README_md_template),
                (".gitignore", PackageResources.swift_gitignore_template),
            ]
        case .python3:
            [
                ("handler.py", PackageResources.python3_handler_py_template),
                ("test_handler.py", PackageResources.python3_test_handler_py_template),
                ("function.yaml", PackageResources.python3_function_yaml_template),
                ("README.md", PackageResources.python3_README_md_template),
                (".gitignore", PackageResources.python3_gitignore_template),
                (".godwitignore", PackageResources.python3_godwitignore_template),
            ]
        case .exec:
            [
                ("run", PackageResources.exec_run_template),
                ("test", PackageResources.exec_test_template),
                ("function.yaml", PackageResources.exec_function_yaml_template),
                ("README.md", PackageResources.exec_README_md_template),
                (".gitignore", PackageResources.exec_gitignore_template),
                (".godwitignore", PackageResources.exec_godwitignore_template),
            ]
        }
    }

    /// The name as Swift spells the module of a target with that name.
    private static func module(_ name: FunctionName) -> String {
        let text = name.text.replacing("-", with: "_")
        return text.first?.isNumber == true ? "_\(text.dropFirst())" : text
    }
}
