package import Domain

/// What a policy is asked: where a call may run, and where it should.
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
