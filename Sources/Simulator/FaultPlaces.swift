import Timeline

/// Which APIs' streams have a place for each fault.
package enum FaultPlaces {
    /// The APIs by the name of a fault, for those faults that not all of them have a place for.
    package static var apis: [String: [String]] {
        let request = GenerationRequest(model: "", streams: true, prompt: "")
        var places: [String: [String]] = [:]
        for fault in Fault.allCases {
            let apis = Interfaces.all.filter { interface in
                let plan = AnswerPlan(
                    of: request, interface: interface, script: StreamScript(), identifier: "", created: 0)
                return fault.hasPlace(in: interface, interface.writer(of: plan))
            }
            if apis.count < Interfaces.all.count { places[fault.rawValue] = apis.map(\.name) }
        }
        return places
    }
}
