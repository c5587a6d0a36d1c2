/// Where the AWS credentials that sign a target's requests are to be read from; never the credentials themselves.
package struct AWSAccess: Sendable, Equatable, Codable {
    /// The names of environment variables.
    package var accessKeyVariable: String
    package var secretKeyVariable: String
    /// Nil where the keys are no temporary ones.
    package var sessionTokenVariable: String?
    /// The region that signatures name, such as `us-east-1`.
    package var region: String

    package init(
        accessKeyVariable: String, secretKeyVariable: String, sessionTokenVariable: String? = nil, region: String
    ) {
        self.accessKeyVariable = accessKeyVariable
        self.secretKeyVariable = secretKeyVariable
        self.sessionTokenVariable = sessionTokenVariable
        self.region = region
    }
}

/// AWS credentials as they are used; not to be stored, and not shown where a value is printed.
package struct AWSCredentials: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    package var accessKey: String
    package var secretKey: String
    package var sessionToken: String?
    package var region: String

    package init(accessKey: String, secretKey: String, sessionToken: String? = nil, region: String) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.region = region
    }

    /// Everything that must not be stored or printed.
    package var secrets: [String] { [accessKey, secretKey, sessionToken].compactMap(\.self) }

    package var description: String { "AWS credentials for \(region)" }
    package var customMirror: Mirror { Mirror(self, children: ["region": region]) }
}
