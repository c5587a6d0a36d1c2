import Foundation

/// Debian's nginx as a TLS front of a simulator, with a certificate that is made for it.
final class NginxServer {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// A request as nginx logged it.
    struct Entry {
        /// nginx's serial number of the connection.
        var connection: Int
        var protocolName: String
        var status: Int
        var requestID: String
    }

    let url: String
    /// The certificate of the authority that signed the server's.
    let authority: String
    private let log: URL
    private let process: Process
    private let folder: TemporaryFolder

    /// Starts nginx on a free port in front of `upstream`, an http URL without a path; `passing` says how it passes on.
    init(upstream: String, allowsHTTP2: Bool = true, passing: String = "proxy_buffering off;") throws {
        guard let nginx = Self.find("nginx"), let openssl = Self.find("openssl") else {
            throw Failure(description: "these tests need nginx and openssl: apt-get install nginx-light openssl")
        }
        folder = try TemporaryFolder()
        log = folder.file("access.log")
        authority = folder.file("authority.pem").path
        try Self.makeCertificates(in: folder, openssl: openssl)
        let port = try Self.freePort()
        let configuration = try folder.write(
            Self.configuration(
                folder: folder.url.path, port: port, upstream: upstream, allowsHTTP2: allowsHTTP2,
                passing: passing),
            to: "nginx.conf")
        process = Process()
        process.executableURL = URL(fileURLWithPath: nginx)
        process.arguments = ["-c", configuration, "-p", folder.url.path, "-e", folder.file("error.log").path]
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        url = "https://127.0.0.1:\(port)"
        try process.run()
        try waitUntilReady(port: port)
    }

    private static func find(_ program: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (folders + ["/usr/sbin", "/usr/local/sbin"]).map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static func makeCertificates(in folder: TemporaryFolder, openssl: String) throws {
        let extensions = try folder.write("subjectAltName=IP:127.0.0.1,DNS:localhost\n", to: "names.txt")
        let commands = [
            "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Test-Authority -keyout authority.key -out authority.pem",
            "req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout server.key -out server.csr",
            "x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 "
                + "-extfile \(extensions) -out server.pem",
        ]
        for command in commands {
            let arguments = command.split(separator: " ").map(String.init)
            let result = try Tool.run(executable: openssl, arguments, in: folder.url)
            guard result.status == 0 else { throw Failure(description: "openssl \(command): \(result.errors)") }
        }
    }

    private static func configuration(
        folder: String, port: UInt16, upstream: String, allowsHTTP2: Bool, passing: String
    ) -> String {
        """
        daemon off;
        worker_processes 1;
        pid \(folder)/nginx.pid;
        events { worker_connections 4096; }
        http {
            log_format joined '$connection $server_protocol $status $http_x_request_id';
            access_log \(folder)/access.log joined;
            client_body_temp_path \(folder)/body;
            proxy_temp_path \(folder)/proxy;
            fastcgi_temp_path \(folder)/fastcgi;
            uwsgi_temp_path \(folder)/uwsgi;
            scgi_temp_path \(folder)/scgi;
            upstream simulator { server \(upstream.replacingOccurrences(of: "http://", with: "")); keepalive 64; }
            server {
                listen 127.0.0.1:\(port) ssl\(allowsHTTP2 ? " http2" : "");
                ssl_certificate \(folder)/server.pem;
                ssl_certificate_key \(folder)/server.key;
                keepalive_requests 100000;
                \(passing)
                location / {
                    proxy_pass http://simulator;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                }
            }
        }
        """
    }

    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isBound else { throw Failure(description: "no port is free on loopback") }
        return UInt16(bigEndian: address.sin_port)
    }

    private func waitUntilReady(port: UInt16) throws {
        for _ in 0..<200 {
            if Self.accepts(port) { return }
            guard process.isRunning else { break }
            usleep(25_000)
        }
        let errors = (try? String(contentsOf: folder.file("error.log"), encoding: .utf8)) ?? ""
        throw Failure(description: "nginx does not start: \(errors)")
    }

    private static func accepts(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// The requests that nginx has logged so far.
    func entries() throws -> [Entry] {
        try String(contentsOf: log, encoding: .utf8).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 4, let connection = Int(parts[0]), let status = Int(parts[2]) else { return nil }
            return Entry(connection: connection, protocolName: parts[1], status: status, requestID: parts[3])
        }
    }

    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    deinit { stop() }
}
