/// A wall-clock label as text in UTC.
package struct UTCTimestamp: Sendable, Equatable {
    /// As exports carry it (ISO 8601), such as `2026-11-22T18:27:10.042Z`.
    package let iso8601: String
    /// As people read it, such as `2026-11-22 18:27:10 UTC`.
    package let spoken: String

    package init(nanosecondsSince1970 count: Int64) {
        let seconds = count.dividedFloor(by: 1_000_000_000)
        let days = seconds.dividedFloor(by: 86_400)
        let inDay = seconds - days * 86_400
        let (year, month, day) = Self.date(daysSince1970: days)
        let date = "\(year)-\(Self.two(month))-\(Self.two(day))"
        let time = "\(Self.two(inDay / 3600)):\(Self.two(inDay / 60 % 60)):\(Self.two(inDay % 60))"
        let milliseconds = String((count - seconds * 1_000_000_000) / 1_000_000 + 1000).dropFirst()
        iso8601 = "\(date)T\(time).\(milliseconds)Z"
        spoken = "\(date) \(time) UTC"
    }

    private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// The proleptic Gregorian date, by counting in eras of 400 years that begin in March.
    private static func date(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = daysSince1970 + 719_468
        let era = days.dividedFloor(by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func dividedFloor(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
