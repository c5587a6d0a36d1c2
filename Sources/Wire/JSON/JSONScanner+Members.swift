extension JSONScanner {
    /// Reads a text that is to be an object, and hands over each member, whose value must be taken.
    ///
    /// - Returns: Whether the text is valid JSON and an object.
    static func readObject(
        _ text: UnsafeRawBufferPointer, _ takeValue: (JSONString, inout JSONScanner) -> Void
    ) -> Bool {
        var scanner = JSONScanner(text)
        let isObject = scanner.isAtObject()
        scanner.forEachMember(takeValue)
        return scanner.isComplete() && isObject
    }

    /// Takes an object and hands over each member, whose value must be taken; anything else is skipped.
    @inline(__always)
    mutating func forEachMember(_ takeValue: (JSONString, inout JSONScanner) -> Void) {
        guard beginObject() else { return }
        while let name = nextMember() { takeValue(name, &self) }
    }

    /// Takes an array and hands over each element, which must be taken; anything else is skipped.
    @inline(__always)
    mutating func forEachElement(_ takeElement: (inout JSONScanner) -> Void) {
        guard beginArray() else { return }
        while nextElement() { takeElement(&self) }
    }

    /// Takes an object and hands over the value of one member, which must be taken; all else is skipped.
    mutating func takeMember(_ member: StaticString, _ takeValue: (inout JSONScanner) -> Void) {
        forEachMember { name, scanner in
            if name.equals(member) { takeValue(&scanner) } else { scanner.skip() }
        }
    }

    /// Takes any value and returns whether it is true.
    mutating func boolean() -> Bool {
        let isTrue = isAtTrue()
        skip()
        return isTrue
    }

    /// Takes any value and returns whether it may be an error, which everything but null may be.
    mutating func mayBeError() -> Bool {
        let isNull = isAtNull()
        skip()
        return !isNull
    }
}
