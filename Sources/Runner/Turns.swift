import Timeline

/// Targets that are paths to one server, and take turns: what one of them asks must not be in the way of another.
///
/// Each sends as many requests as a closed loop has places, waits until all have ended, and hands on. Every second round
/// goes the other way, so that what drifts meanwhile meets all alike.
struct Turns {
    /// The lanes, in the order of the targets.
    let members: [Int]
    let places: Int
    private var turn = 0
    private var left: Int
    private var inFlight = 0
    /// When the present turn began.
    private(set) var start: Instant?

    init(members: [Int], places: Int) {
        self.members = members
        self.places = places
        left = places
    }

    /// The lane whose turn it is.
    private var current: Int {
        let (round, position) = turn.quotientAndRemainder(dividingBy: members.count)
        return members[round.isMultiple(of: 2) ? position : members.count - 1 - position]
    }

    func allows(_ lane: Int) -> Bool { lane == current && left > 0 }

    mutating func begin(at now: Instant) {
        if start == nil { start = now }
    }

    mutating func sent() {
        left -= 1
        inFlight += 1
    }

    mutating func ended(at now: Instant) {
        inFlight -= 1
        handOn(at: now)
    }

    /// Ends the turn of a lane that has nothing more to send for now; true where another one's began with it.
    mutating func pass(_ lane: Int, at now: Instant) -> Bool {
        guard lane == current, inFlight == 0 else { return false }
        left = 0
        handOn(at: now)
        return true
    }

    private mutating func handOn(at now: Instant) {
        guard left == 0, inFlight == 0 else { return }
        turn += 1
        left = places
        start = now
    }
}
