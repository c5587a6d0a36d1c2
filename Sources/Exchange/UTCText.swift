/// Instants of the wall clock as ISO 8601 in UTC, such as `2026-11-22T20:30:00.123456Z`.
enum UTCText {
    /// Microseconds, since that is what databases and data frames keep; the last three digits are cut off.
    static func text(nanosecondsSince1970 nanoseconds: Int64) -> String {
        let second: Int64 = 1_000_000_000
        let seconds = nanoseconds.floored(by: second)
        let days = seconds.floored(by: 86_400)
        let ofDay = seconds - days * 86_400
        let (year, month, day) = date(daysSince1970: days)
        let microseconds = (nanoseconds - seconds * second) / 1000
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(ofDay / 3600, 2)):"
            + "\(padded(ofDay / 60 % 60, 2)):\(padded(ofDay % 60, 2)).\(padded(microseconds, 6))Z"
    }

    /// The Gregorian date, by Howard Hinnant's `civil_from_days`.
    private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted.floored(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    fileprivate func floored(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
