import Domain

extension Placer {
    /// Sees to it that a question's version is known and its columns stand; returns its number.
    mutating func prepare(_ question: PlacementQuestion) -> Int {
        let index = digests[question.version.digest] ?? add(question.version)
        if functions[index].blocks.isEmpty {
            functions[index].origin = question.origin
            functions[index].build(nodes, descriptions, shared)
            learnReferences(index)
            boundMemory(keeping: index)
        } else if functions[index].profile.isSensitive, functions[index].origin != question.origin {
            functions[index].moveOrigin(to: question.origin, descriptions)
        }
        return index
    }

    /// The nodes as they are.
    mutating func currentFleet() -> Fleet {
        if let fleet { return fleet }
        let made = Fleet(nodes: descriptions, standings: standings)
        fleet = made
        return made
    }

    /// What a decision about a function is scored with.
    mutating func scoring(_ index: Int, preferring preference: WeightKind?) -> Scoring {
        let profile = functions[index].profile
        return Scoring(
            weights: weights(index, preferring: preference),
            references: ScoreReferences(
                latencyMilliseconds: profile.objective.isFinite
                    ? profile.objective : functions[index].model.latency.orOne,
                joules: functions[index].model.joules.orOne,
                cost: functions[index].model.cost.orOne,
                grams: functions[index].model.grams.orOne
            ),
            lambda: functions[index].model.price.value,
            objective: profile.objective,
            quantile: profile.quantile,
            tieMargin: settings.tieMargin
        )
    }

    private mutating func weights(_ index: Int, preferring preference: WeightKind?) -> Weights {
        let base: Weights
        if let known = functions[index].weights {
            base = known
        } else {
            let table = weights?.table ?? WeightTable()
            base = table.weights(for: functions[index].spec.name, at: descriptions[0].tier)
            functions[index].weights = base
        }
        guard let preference else { return base }
        return base.leaning(to: preference, by: weights?.table.preferenceShare ?? WeightTable().preferenceShare)
    }

    /// Makes place for a version, which starts from what the function's version before took.
    private mutating func add(_ version: FunctionVersion) -> Int {
        let siblings = functions.indices.filter {
            !functions[$0].isForgotten && functions[$0].spec.name == version.spec.name
        }
        let newest = siblings.max { functions[$0].profile.version.number < functions[$1].profile.version.number }
        let model = newest.map { FunctionModel(spec: version.spec, inheriting: functions[$0].model, shared) }
        if siblings.count >= Self.versionLimit,
            let oldest = siblings.min(by: { functions[$0].used < functions[$1].used })
        {
            forget(at: oldest)
        }
        let free = functions.firstIndex { $0.isForgotten }
        let index = free ?? functions.count
        let state = FunctionState(
            profile: FunctionProfile(version: version, index: index),
            model: model ?? FunctionModel(spec: version.spec)
        )
        if free == nil { functions.append(state) } else { functions[index] = state }
        digests[version.digest] = index
        return index
    }

    /// The references of a function that is new: what its candidates are predicted to take on average.
    private mutating func learnReferences(_ index: Int) {
        let request = RequestFigures(bytes: 0, sizeFactor: 1)
        var sums = (latency: 0.0, joules: 0.0, cost: 0.0, grams: 0.0)
        var count = 0.0
        for slot in nodes.indices where functions[index].blocks[slot >> 2].barrier[slot & 3] == 0 {
            let candidates = CandidateBlock(blocks[slot >> 2], functions[index].blocks[slot >> 2], request)
            sums.latency += Double(candidates.latency[slot & 3])
            sums.joules += Double(candidates.joules[slot & 3])
            sums.cost += Double(candidates.cost[slot & 3])
            sums.grams += Double(candidates.grams[slot & 3])
            count += 1
        }
        guard count > 0 else { return }
        functions[index].model.startReferences(
            latency: sums.latency / count,
            joules: sums.joules / count,
            cost: sums.cost / count,
            grams: sums.grams / count
        )
    }

    /// Drops the columns of functions that were not placed for long while all columns together are too many.
    private mutating func boundMemory(keeping index: Int) {
        var total = functions.reduce(0) { $0 + $1.blocks.count }
        while total > Self.blockLimit,
            let oldest = functions.indices.filter({ $0 != index && !functions[$0].blocks.isEmpty })
                .min(by: { functions[$0].used < functions[$1].used })
        {
            total -= functions[oldest].blocks.count
            functions[oldest].dropColumns()
        }
    }
}
