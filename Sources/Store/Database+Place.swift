import Glibc

extension Database {
    /// What the place of a file allows.
    enum Place {
        case writable
        /// The file can be read, and what SQLite shares with a writer beside it may be there.
        case readable
        /// Nothing but the file is there and nothing can come: it can be read without any lock.
        case unchanging

        init(of path: String) {
            let folder = Database.folder(of: path) ?? (path.hasPrefix("/") ? "/" : ".")
            let isFolderWritable = access(folder, W_OK) == 0
            if isFolderWritable, access(path, W_OK) == 0 {
                self = .writable
            } else {
                var log = stat()
                let hasLog = stat("\(path)-wal", &log) == 0 && log.st_size > 0
                self = isFolderWritable || hasLog ? .readable : .unchanging
            }
        }

        /// The file's name as SQLite takes it: a URI where it is only read.
        func name(of path: String, asURI isURI: Bool) -> String {
            guard isURI else { return path }
            let escaped = path.utf8.map { byte in
                let isPlain = byte > 0x20 && byte < 0x7f && !"%?#".utf8.contains(byte)
                return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            return "file:" + escaped.joined() + (self == .unchanging ? "?immutable=1" : "")
        }
    }
}
