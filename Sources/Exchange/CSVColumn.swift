/// A column of an exported file: how it is described, and how a row's cell is written.
struct CSVColumn<Row>: Sendable {
    var name: String
    var type: FieldType
    var unit: String?
    var description: String
    var write: @Sendable (Row, inout CSVBuilder) -> Void

    init(
        _ name: String, _ type: FieldType, unit: String? = nil, _ description: String,
        write: @escaping @Sendable (Row, inout CSVBuilder) -> Void
    ) {
        self.name = name
        self.type = type
        self.unit = unit
        self.description = description
        self.write = write
    }
}

/// The type of a column, by the names of the Frictionless Table Schema.
package enum FieldType: String, Sendable {
    case string, integer, number, boolean, datetime
}

extension CSVBuilder {
    mutating func header<Row>(_ columns: [CSVColumn<Row>]) {
        for column in columns { text(column.name) }
        endLine()
    }

    mutating func row<Row>(_ row: Row, _ columns: [CSVColumn<Row>]) {
        for column in columns { column.write(row, &self) }
        endLine()
    }
}
