/// Finds the known name that an unknown one was most likely meant to be.
package enum NearestName {
    /// The closest of `known` within a third of the word's length (at least one edit), or nil.
    package static func of(_ word: String, among known: some Sequence<String>) -> String? {
        let limit = max(1, word.count / 3 + 1)
        var best: (name: String, distance: Int)?
        for name in known {
            let distance = editDistance(Array(word.lowercased()), Array(name.lowercased()))
            if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
        }
        return best?.name
    }

    /// A phrase for the end of an error: the nearest name, or all the names there are.
    package static func hint(for word: String, among known: [String]) -> String {
        if let nearest = of(word, among: known) { return "did you mean '\(nearest)'?" }
        return "known are: \(known.joined(separator: ", "))"
    }

    /// Levenshtein's distance by the two-row method; O(a·b) time, O(b) space.
    private static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
        var previous = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var current = [i + 1]
            for (j, right) in b.enumerated() {
                current.append(min(previous[j] + (left == right ? 0 : 1), previous[j + 1] + 1, current[j] + 1))
            }
            previous = current
        }
        return previous[b.count]
    }
}
