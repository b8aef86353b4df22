/// The predicted terms of four candidates, and their score: the one place where both are computed.
///
/// The scoring of a thousand live candidates and the replay of a record go through the same operations in the same order,
/// so that a replay gives the same bits.
struct CandidateBlock: Sendable {
    var roundTrip = Lanes.zero
    var transfer = Lanes.zero
    var wait = Lanes.zero
    var cold = Lanes.zero
    var execution = Lanes.zero
    var tailFactor = Lanes.zero
    var failure = Lanes.zero
    var joules = Lanes.zero
    var cost = Lanes.zero
    var grams = Lanes.zero

    init() {}

    /// Predicts: latency from the round trip, the bytes, queue and contention, P(cold) · start, and execution; energy from
    /// CPU time and bytes; cost and carbon from these.
    @inline(__always)
    init(_ node: NodeBlock, _ function: FunctionBlock, _ request: RequestFigures) {
        roundTrip = node.roundTrip
        transfer = node.perByte * request.bytes
        execution = function.execution * request.sizeFactor
        wait = node.queue + node.contention * execution
        cold = function.coldProbability * function.cold
        tailFactor = function.tailFactor
        failure = node.failure
        // A start keeps one core busy.
        let cpu = function.cpu * request.sizeFactor + cold
        joules = cpu * node.joulesPerMillisecond + node.joulesPerByte * request.bytes
        cost = cpu * node.price
        grams = joules * node.gramsPerJoule
    }

    /// Predicted milliseconds.
    @inline(__always)
    var latency: Lanes { roundTrip + transfer + wait + cold + execution }

    /// Predicted milliseconds at the objective's quantile.
    @inline(__always)
    var tail: Lanes { latency * tailFactor }

    @inline(__always)
    func latencyPart(_ coefficients: Coefficients) -> Lanes { latency * failure * coefficients.latency }
    @inline(__always)
    func energyPart(_ coefficients: Coefficients) -> Lanes { joules * coefficients.energy }
    @inline(__always)
    func costPart(_ coefficients: Coefficients) -> Lanes { cost * coefficients.cost }
    @inline(__always)
    func carbonPart(_ coefficients: Coefficients) -> Lanes { grams * coefficients.carbon }

    /// For what the tail lies above the objective.
    @inline(__always)
    func penaltyPart(_ coefficients: Coefficients) -> Lanes {
        (tail - coefficients.objective).positive * coefficients.penalty
    }

    /// The score: least is best.
    @inline(__always)
    func score(_ coefficients: Coefficients) -> Lanes {
        latencyPart(coefficients) + energyPart(coefficients) + costPart(coefficients) + carbonPart(coefficients)
            + penaltyPart(coefficients)
    }
}
