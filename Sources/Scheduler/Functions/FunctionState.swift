import Domain

/// All that the placer keeps of one version of a function: its model, and the model's figures for each node.
struct FunctionState: Sendable {
    private(set) var profile: FunctionProfile
    var model: FunctionModel
    /// The figures by four nodes; empty until the version is placed, and when memory is short.
    var blocks: [FunctionBlock] = []
    /// What the columns hold by class of devices, by tier, and for starts.
    var classFigures: [ClassFigures] = []
    var tailFigures: [Float] = []
    var startFigures = StartFigures(warm: 0, none: 1)
    /// The site that the barriers hold for; matters to sensitive functions.
    var origin: Site?
    /// The weights without a caller's preference; nil when they have to be looked up.
    var weights: Weights?
    /// Where round-robin went last.
    var lastSlot = -1
    /// The order of nodes by hash; nil when it has to be sorted.
    var order: [Int32]?
    /// When it was placed last, in decisions.
    var used: UInt64 = 0
    /// Until when no other node is probed, in nanoseconds of the clock of the questions.
    var probedUntil: UInt64 = 0
    /// Whether it was forgotten, and its place may be taken.
    var isForgotten = false

    init(profile: FunctionProfile, model: FunctionModel) {
        self.profile = profile
        self.model = model
    }

    /// The function's specification.
    var spec: FunctionSpec { profile.version.spec }

    /// Drops the columns, which are built anew when they are needed.
    mutating func dropColumns() {
        blocks = []
        order = nil
    }
}
