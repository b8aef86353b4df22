import ArgumentParser

/// How the result is shown.
package struct OutputOptions: ParsableArguments {
    @Flag(help: "Write JSON for programs instead of text for people.")
    package var json = false

    package init() {}
}
