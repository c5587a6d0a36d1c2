import Scenarios
import Testing
import Timeline

struct AWSAccessTests {
    private static let environment = ["ID": "canary-id", "SECRET": "canary-secret", "TOKEN": "canary-token"]

    private func target(_ members: String, api: String = "bedrock") -> String {
        """
        targets:
          - name: a
            api: \(api)
            base_url: https://bedrock-runtime.us-east-1.amazonaws.com
            model: m
            \(members)
        load: {closed: {concurrency: 1}, requests: 1}

        """
    }

    private static let whole =
        "aws: {access_key_env: ID, secret_key_env: SECRET, session_token_env: TOKEN, region: r-1}"
    private static let lasting = "aws: {access_key_env: ID, secret_key_env: SECRET, region: r-1}"

    @Test func `credentials are named, and read from the environment alone`() throws {
        let scenario = try read(target(Self.whole), environment: Self.environment)
        let access = try #require(scenario.targets[0].awsAccess)
        #expect(
            access
                == AWSAccess(
                    accessKeyVariable: "ID", secretKeyVariable: "SECRET", sessionTokenVariable: "TOKEN", region: "r-1"))
        #expect(
            access.credentials(in: Self.environment)
                == AWSCredentials(
                    accessKey: "canary-id", secretKey: "canary-secret", sessionToken: "canary-token", region: "r-1"))
        #expect(!scenario.yaml.contains("canary"))
        let again = try read(scenario.yaml, environment: Self.environment)
        #expect(again.targets == scenario.targets)
        let lasting = try read(target(Self.lasting), environment: Self.environment)
        #expect(lasting.targets[0].awsAccess?.credentials(in: Self.environment)?.sessionToken == nil)
        #expect(lasting.hash == scenario.hash)
        #expect(lasting.unsetKeys([:]) == ["a": "ID and SECRET are not set"])
        #expect(lasting.unsetKeys(["ID": "x", "SECRET": " "]) == ["a": "SECRET is not set"])
        #expect(lasting.unsetKeys(Self.environment) == [:])
    }

    @Test func `a target without its credentials is refused or left out`() throws {
        let text = target(Self.whole)
        #expect(
            problems(text, environment: ["ID": "x", "SECRET": "y"]) == [
                "s.yaml:6:10: TOKEN is not set, which target 'a' needs; provide it, or pass --skip-unconfigured"
            ])
        let second = text.replacing("load:", with: "  - {name: b, simulate: gpt-4o}\nload:")
        #expect(try read(second, unconfigured: .skip).skipped == ["a": "ID and SECRET and TOKEN are not set"])
    }

    @Test(arguments: [
        (
            "aws: us-east-1",
            "s.yaml:6:10: targets.0.aws must be a mapping such as {access_key_env: AWS_ACCESS_KEY_ID, secret_key_env: AWS_SECRET_ACCESS_KEY, region: us-east-1}; found 'us-east-1'"
        ),
        (
            "aws: {access_key_env: ID, secret_key_env: SECRET}",
            "s.yaml:6:10: 'region' is missing in targets.0.aws; write for example region: us-east-1"
        ),
        (
            "aws: {access_key_env: ID, region: r-1}",
            "s.yaml:6:10: 'secret_key_env' is missing in targets.0.aws; write for example secret_key_env: AWS_SECRET_ACCESS_KEY"
        ),
        (
            "aws: {access_key_env: ID, secret_key_env: SECRET, region: EU West}",
            "s.yaml:6:63: targets.0.aws.region must be a region such as us-east-1; found 'EU West'"
        ),
        (
            "aws: {access_key_env: ID, secret_key_env: SECRET, regoin: r-1, region: r-1}",
            "s.yaml:6:55: unknown key 'regoin' in targets.0.aws; did you mean 'region'? (allowed: access_key_env, secret_key_env, session_token_env, region)"
        ),
        (
            "aws: {access_key_env: ID, secret_key_env: SECRET, region: r-1, secret_access_key: canary}",
            "s.yaml:6:68: 'secret_access_key' would keep a secret in the scenario; use access_key_env, secret_key_env, session_token_env, each with the name of a variable"
        ),
        (
            "aws: {access_key_env: AKIACANARYCANARY1234, secret_key_env: SECRET, region: r-1}",
            "s.yaml:6:27: targets.0.aws.access_key_env must be the name of an environment variable, such as AWS_ACCESS_KEY_ID, and not the secret itself"
        ),
        (
            "aws: {access_key_env: ID, secret_key_env: canary/secret, region: r-1}",
            "s.yaml:6:47: targets.0.aws.secret_key_env must be the name of an environment variable, such as AWS_ACCESS_KEY_ID, and not the secret itself"
        ),
        (
            "aws: {access_key_env: ID, secret_key_env: '${SECRET}', region: r-1}",
            "s.yaml:6:47: targets.0.aws.secret_key_env must be the name of an environment variable, such as AWS_ACCESS_KEY_ID, and not the secret itself"
        ),
        (
            "api_key_env: ID\n    \(lasting)",
            "s.yaml:7:5: 'api_key_env' and 'aws' exclude each other in targets.0; keep one of them"
        ),
        (
            "headers: {X-Amz-Security-Token: canary}",
            "s.yaml:6:15: header 'X-Amz-Security-Token' carries a secret; remove it and name the secret in api_key_env or api_key_file"
        ),
        (
            "headers: {X-Team: '${AWS_ACCESS_KEY_ID}'}",
            "s.yaml:6:23: targets.0.headers.X-Team: AWS_ACCESS_KEY_ID seems to hold a secret, which would be stored with the run; name it in api_key_env instead"
        ),
    ])
    func `what is wrong is said at its place, and no secret is repeated`(members: String, said: String) {
        let environment = Self.environment.merging(["AWS_ACCESS_KEY_ID": "canary"]) { first, _ in first }
        let found = problems(target(members), environment: environment)
        #expect(found == [said])
        #expect(!found.joined().lowercased().contains("canary"))
    }

    @Test func `only Bedrock's requests are signed`() {
        #expect(
            problems(target(Self.lasting, api: "openai-chat"), environment: Self.environment) == [
                "s.yaml:6:10: targets.0.aws signs requests of api: bedrock alone, and this target's is openai-chat"
            ])
    }

    @Test func `a key that is set takes the place of a signature`() throws {
        let scenario = try read(
            target(Self.lasting), set: ["targets.a.api_key_env=ID"], environment: Self.environment)
        #expect(scenario.targets[0].awsAccess == nil && scenario.targets[0].key == .environment("ID"))
    }
}
