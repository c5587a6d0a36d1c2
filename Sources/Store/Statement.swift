import CSQLite

/// A prepared statement; values are bound, and columns are read, one after the other from the left.
final class Statement {
    private let handle: OpaquePointer
    private let text: String
    private let database: Database
    private var boundCount: Int32 = 0
    private var bindingCode = SQLITE_OK
    private var columnIndex: Int32 = 0

    /// Tells SQLite to copy what is bound, since the memory is ours only during the call.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    init(_ handle: OpaquePointer, text: String, database: Database) {
        self.handle = handle
        self.text = text
        self.database = database
    }

    /// The path of the database's file, for errors.
    var path: String { database.path }

    deinit { sqlite3_finalize(handle) }

    func bind(_ value: Int?) {
        let position = nextPosition()
        note(value.map { sqlite3_bind_int64(handle, position, Int64($0)) } ?? sqlite3_bind_null(handle, position))
    }

    func bind(_ value: Int64?) { bind(value.map { Int($0) }) }

    func bind(_ value: Bool) { bind(value ? 1 : 0) }

    func bind(_ value: Double?) {
        let position = nextPosition()
        note(value.map { sqlite3_bind_double(handle, position, $0) } ?? sqlite3_bind_null(handle, position))
    }

    /// Binds a text with its length, so that a NUL in it does not end it.
    func bind(_ value: String?) {
        guard var value else { return bind(Int?.none) }
        value.withUTF8 { bind(utf8: UnsafeRawBufferPointer($0)) }
    }

    func bind(text: [UInt8]) { text.withUnsafeBytes { bind(utf8: $0) } }

    func bind(blob: [UInt8]?) {
        let position = nextPosition()
        guard let blob else { return note(sqlite3_bind_null(handle, position)) }
        guard !blob.isEmpty else { return note(sqlite3_bind_zeroblob(handle, position, 0)) }
        blob.withUnsafeBytes { bytes in
            note(sqlite3_bind_blob64(handle, position, bytes.baseAddress, UInt64(bytes.count), Self.copied))
        }
    }

    private func bind(utf8 bytes: UnsafeRawBufferPointer) {
        let position = nextPosition()
        // An empty buffer may have no address, which SQLite would take for NULL.
        guard let start = bytes.baseAddress, !bytes.isEmpty else {
            return note(sqlite3_bind_text64(handle, position, "", 0, Self.copied, UInt8(SQLITE_UTF8)))
        }
        let characters = start.assumingMemoryBound(to: CChar.self)
        note(
            sqlite3_bind_text64(
                handle, position, characters, UInt64(bytes.count), Self.copied, UInt8(SQLITE_UTF8)))
    }

    private func nextPosition() -> Int32 {
        boundCount += 1
        return boundCount
    }

    private func note(_ code: Int32) {
        if bindingCode == SQLITE_OK { bindingCode = code }
    }

    /// Runs the statement to its end and makes it ready for the next values.
    func run() throws(StoreError) {
        defer { reset() }
        while try next() {}
    }

    /// Moves to the next row; false means that there is none.
    func next() throws(StoreError) -> Bool {
        columnIndex = 0
        let code = bindingCode == SQLITE_OK ? sqlite3_step(handle) : bindingCode
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw database.failure(code, in: text)
        }
    }

    private func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        boundCount = 0
        bindingCode = SQLITE_OK
    }

    func integer() -> Int { Int(sqlite3_column_int64(handle, nextColumn())) }

    func optionalInteger() -> Int? {
        let column = nextColumn()
        return isNull(column) ? nil : Int(sqlite3_column_int64(handle, column))
    }

    func boolean() -> Bool { integer() != 0 }

    func optionalReal() -> Double? {
        let column = nextColumn()
        return isNull(column) ? nil : sqlite3_column_double(handle, column)
    }

    func real() -> Double { sqlite3_column_double(handle, nextColumn()) }

    func string() -> String { optionalString() ?? "" }

    func optionalString() -> String? {
        let column = nextColumn()
        return isNull(column) ? nil : String(decoding: bytes(of: column), as: UTF8.self)
    }

    func optionalBlob() -> [UInt8]? {
        let column = nextColumn()
        guard !isNull(column) else { return nil }
        let start = sqlite3_column_blob(handle, column)
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// Gives the bytes of a text column, without a copy, to the body.
    func withText<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result { try body(bytes(of: nextColumn())) }

    private func bytes(of column: Int32) -> UnsafeBufferPointer<UInt8> {
        let start = sqlite3_column_text(handle, column)
        return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }

    private func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    private func nextColumn() -> Int32 {
        defer { columnIndex += 1 }
        return columnIndex
    }
}
