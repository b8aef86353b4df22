package import Domain

/// What a policy is asked: where may this call run, and where should it?
package struct PlacementQuestion: Sendable {
    package let spec: FunctionSpec
    /// The site the call arrived at.
    package let origin: Site?
    package let candidates: [Candidate]

    package init(spec: FunctionSpec, origin: Site?, candidates: [Candidate]) {
        self.spec = spec
        self.origin = origin
        self.candidates = candidates
    }
}
