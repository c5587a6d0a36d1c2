/// Instants of the wall clock as headers write them, in seconds since 1970.
enum WallClockText {
    /// Reads a date of HTTP in any of the three forms that RFC 9110, section 5.6.7, has recipients accept:
    /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
    static func seconds(httpDate text: String) -> Double? {
        let parts = text.split(separator: " ")
        switch parts.count {
        case 6 where parts[5] == "GMT":
            return seconds(day: parts[1], month: parts[2], year: Int(parts[3]), time: parts[4])
        case 5:
            return seconds(day: parts[2], month: parts[1], year: Int(parts[4]), time: parts[3])
        case 4 where parts[3] == "GMT":
            let date = parts[1].split(separator: "-")
            guard date.count == 3, date[2].count == 2, let year = Int(date[2]) else { return nil }
            // Two digits are a year within 50 of the present; none of these dates is older than 1970.
            return seconds(day: date[0], month: date[1], year: year + (year < 70 ? 2000 : 1900), time: parts[2])
        default: return nil
        }
    }

    private static func seconds(day: Substring, month: Substring, year: Int?, time: Substring) -> Double? {
        guard let day = Int(day), let month = months.firstIndex(of: String(month)), let year,
            let time = secondOfDay(time)
        else { return nil }
        return seconds(year: year, month: month + 1, day: day, second: time)
    }

    /// Reads a date and time of RFC 3339, such as `2026-01-01T00:00:01.5+02:00`.
    static func seconds(internetDate text: String) -> Double? {
        let parts = text.split(maxSplits: 1, whereSeparator: { $0 == "T" || $0 == "t" || $0 == " " })
        guard parts.count == 2 else { return nil }
        let date = parts[0].split(separator: "-").map { Int($0) }
        guard date.count == 3, let year = date[0], let month = date[1], let day = date[2],
            let zone = parts[1].firstIndex(where: { "Zz+-".contains($0) }),
            let time = secondOfDay(parts[1][..<zone]), let offset = offset(parts[1][zone...])
        else { return nil }
        return seconds(year: year, month: month, day: day, second: time).map { $0 - offset }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func secondOfDay(_ text: Substring) -> Double? {
        let parts = text.split(separator: ":")
        guard parts.count == 3, let hour = Int(parts[0]), let minute = Int(parts[1]),
            let second = DecimalText.number(parts[2]), 0..<24 ~= hour, 0..<60 ~= minute, second < 61
        else { return nil }
        return Double(hour * 3600 + minute * 60) + second
    }

    /// Seconds east of UTC.
    private static func offset(_ text: Substring) -> Double? {
        guard text != "Z", text != "z" else { return 0 }
        let parts = text.dropFirst().split(separator: ":")
        guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), 0..<24 ~= hour, 0..<60 ~= minute
        else { return nil }
        return Double(hour * 3600 + minute * 60) * (text.hasPrefix("-") ? -1 : 1)
    }

    /// Counts days of the Gregorian calendar by Howard Hinnant's `days_from_civil`.
    private static func seconds(year: Int, month: Int, day: Int, second: Double) -> Double? {
        guard 1970...9999 ~= year, 1...12 ~= month, 1...31 ~= day else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Double(era * 146_097 + dayOfEra - 719_468) * 86_400 + second
    }
}

/// Numbers as headers write them: digits and a point, and nothing else that a parser might take for a number.
enum DecimalText {
    static func number(_ text: some StringProtocol) -> Double? {
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: ".") }) else {
            return nil
        }
        return Double(text)
    }
}
