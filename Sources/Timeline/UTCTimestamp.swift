/// An instant of the wall clock as text in UTC, by the proleptic Gregorian calendar.
package struct UTCTimestamp: Sendable, Equatable {
    private let nanosecondsInSecond: Int64
    private let date: String
    private let time: String

    package init(nanosecondsSince1970 count: Int64) {
        let seconds = count.dividedFloor(by: 1_000_000_000)
        nanosecondsInSecond = count - seconds * 1_000_000_000
        let days = seconds.dividedFloor(by: 86_400)
        let inDay = seconds - days * 86_400
        let (year, month, day) = Self.date(daysSince1970: days)
        date = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
        time =
            "\(Self.padded(inDay / 3600, 2)):\(Self.padded(inDay / 60 % 60, 2)):\(Self.padded(inDay % 60, 2))"
    }

    /// ISO 8601 to the millisecond, such as `2026-11-22T18:27:10.042Z`; what is finer is cut off.
    package var iso8601: String { "\(date)T\(time).\(Self.padded(nanosecondsInSecond / 1_000_000, 3))Z" }

    /// ISO 8601 to the microsecond, which databases and data frames keep; what is finer is cut off.
    package var iso8601InMicroseconds: String { "\(date)T\(time).\(Self.padded(nanosecondsInSecond / 1000, 6))Z" }

    /// As people read it, such as `2026-11-22 18:27:10 UTC`.
    package var spoken: String { "\(date) \(time) UTC" }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// The date, by Howard Hinnant's `civil_from_days`: counted in eras of 400 years that begin in March.
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
