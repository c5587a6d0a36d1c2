package import Timeline

extension AWSAccess {
    /// Reads the credentials; nil where one of the variables is unset or empty.
    package func credentials(in environment: [String: String]) -> AWSCredentials? {
        let read = { (name: String) in Target.KeySource.environment(name).secret(in: environment) }
        guard let accessKey = read(accessKeyVariable), let secretKey = read(secretKeyVariable) else { return nil }
        let token = sessionTokenVariable.flatMap(read)
        guard token != nil || sessionTokenVariable == nil else { return nil }
        return AWSCredentials(accessKey: accessKey, secretKey: secretKey, sessionToken: token, region: region)
    }

    /// Why there are no credentials, for people.
    func absence(in environment: [String: String]) -> String {
        let names = [accessKeyVariable, secretKeyVariable, sessionTokenVariable].compactMap(\.self)
        let missing = names.filter { Target.KeySource.environment($0).secret(in: environment) == nil }
        return missing.joined(separator: " and ") + (missing.count == 1 ? " is not set" : " are not set")
    }
}

extension Target {
    /// Why a secret that the target needs cannot be sent; nil where all are missing or sound.
    func flawedSecret(in environment: [String: String]) -> String? {
        let variables = [awsAccess?.accessKeyVariable, awsAccess?.secretKeyVariable, awsAccess?.sessionTokenVariable]
        let sources = [key] + variables.map { $0.map { .environment($0) } }
        return sources.lazy.compactMap { $0?.flaw(in: environment) }.first
    }

    /// Why a secret that the target needs is missing; nil where none is.
    func missingSecret(in environment: [String: String]) -> String? {
        if let key, key.secret(in: environment) == nil { return key.absence }
        if let awsAccess, awsAccess.credentials(in: environment) == nil { return awsAccess.absence(in: environment) }
        return nil
    }
}
