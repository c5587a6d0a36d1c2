import TestSupport
import Testing

@testable import Simulator

struct FaultPlacesTests {
    @Test func `every fault has its place in just the APIs that can play it`() {
        for row in FaultOutcome.all {
            let apis = FaultOutcome.apis.filter { row.outcome(of: $0) != nil }
            #expect(Set(FaultPlaces.apis[row.fault] ?? FaultOutcome.apis) == Set(apis), "\(row.fault)")
        }
    }
}
