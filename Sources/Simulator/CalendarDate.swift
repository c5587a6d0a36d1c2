/// A date and time of day in UTC, for the texts that protocols want.
struct CalendarDate: Sendable {
    let year: Int, month: Int, day: Int
    /// Seconds since midnight.
    let second: Int
    /// 0 is Sunday.
    let weekday: Int

    /// Converts by Howard Hinnant's `civil_from_days`, in which a year begins in March.
    init(secondsSince1970: Int64) {
        let days = Int(secondsSince1970 / 86400)
        second = Int(secondsSince1970 % 86400)
        weekday = (days + 4) % 7
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private var time: String {
        [second / 3600, second / 60 % 60, second % 60].map(Self.twoDigits).joined(separator: ":")
    }

    /// Such as `2026-01-02T03:04:05Z` (RFC 3339).
    var internetText: String { "\(year)-\(Self.twoDigits(month))-\(Self.twoDigits(day))T\(time)Z" }

    /// Such as `Fri, 02 Jan 2026 03:04:05 GMT` (RFC 9110, section 5.6.7).
    var httpText: String {
        let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekdays[weekday]), \(Self.twoDigits(day)) \(months[month - 1]) \(year) \(time) GMT"
    }
}
