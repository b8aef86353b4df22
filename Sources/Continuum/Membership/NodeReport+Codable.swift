import Domain

extension NodeReport: Codable {
    private enum CodingKeys: String, CodingKey {
        case description, address, software, started, incarnation, state, load, warm, utilisation, watts, energyMethod
        case sandbox, roles, sequence
    }

    /// Reads a report through the checks of its initialiser.
    ///
    /// Roles of a newer version are passed over.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let roles = try values.decode([String].self, forKey: .roles)
        do {
            try self.init(
                description: values.decode(NodeDescription.self, forKey: .description),
                address: values.decode(String.self, forKey: .address),
                software: values.decode(String.self, forKey: .software),
                started: values.decode(Timestamp.self, forKey: .started),
                incarnation: values.decode(UInt64.self, forKey: .incarnation),
                state: values.decode(MemberState.self, forKey: .state),
                load: values.decode(NodeLoad.self, forKey: .load),
                warm: values.decodeIfPresent([String: Int].self, forKey: .warm) ?? [:],
                utilisation: values.decodeIfPresent(Double.self, forKey: .utilisation) ?? 0,
                watts: values.decodeIfPresent(Double.self, forKey: .watts) ?? 0,
                energyMethod: values.decodeIfPresent(String.self, forKey: .energyMethod) ?? "model",
                sandbox: values.decodeIfPresent([SandboxLayer].self, forKey: .sandbox) ?? [],
                roles: roles.compactMap(NodeRole.init(rawValue:)),
                sequence: values.decode(UInt64.self, forKey: .sequence)
            )
        } catch let error as Invalid {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: error.description)
            )
        }
    }

    /// Writes all of it.
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(description, forKey: .description)
        try values.encode(address, forKey: .address)
        try values.encode(software, forKey: .software)
        try values.encode(started, forKey: .started)
        try values.encode(incarnation, forKey: .incarnation)
        try values.encode(state, forKey: .state)
        try values.encode(load, forKey: .load)
        try values.encode(warm, forKey: .warm)
        try values.encode(utilisation, forKey: .utilisation)
        try values.encode(watts, forKey: .watts)
        try values.encode(energyMethod, forKey: .energyMethod)
        try values.encode(sandbox, forKey: .sandbox)
        try values.encode(roles, forKey: .roles)
        try values.encode(sequence, forKey: .sequence)
    }
}
