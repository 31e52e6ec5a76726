package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.scenario.Policy;
import io.fluxrig.scenario.PolicyFile;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.VerifyKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig policy ...}. */
@Command(
        name = "policy",
        description = "Says who may sign which scenarios for which Racks.",
        footer = {"", "Example: fluxrig policy sign policy.yaml --key root.pem --out site.policy"},
        mixinStandardHelpOptions = true)
final class PolicyCommand {
    @Spec
    private CommandSpec spec;

    @Command(
            name = "sign",
            description = "Signs a policy with a root key.",
            footer = {"", "Example: fluxrig policy sign policy.yaml --key root.pem --out site.policy"},
            mixinStandardHelpOptions = true)
    int sign(
            @Parameters(paramLabel = "FILE", description = "a policy in YAML") Path file,
            @Option(names = "--key", required = true, paramLabel = "ROOT.pem", description = "the root key") Path key,
            @Option(names = "--out", required = true, paramLabel = "F.policy", description = "where to write it")
                    Path out,
            @Mixin DataOption data,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        PolicyFile.Read read =
                PolicyFile.read(file, data.open().site(), Instant.now().getEpochSecond());
        if (read.policy().isEmpty()) {
            return Findings.report(
                    read.findings(), json, out(), spec.commandLine().getErr());
        }
        byte[] artifact = read.policy().get().sign(SigningKey.readPem(key));
        try {
            Files.write(out, artifact);
        } catch (IOException e) {
            throw new FluxException(CliError.OUTPUT, out + " cannot be written", e);
        }
        describe(artifact, json, false);
        return 0;
    }

    @Command(
            name = "verify",
            description = "Verifies a policy against pinned root keys.",
            footer = {"", "Example: fluxrig policy verify site.policy --trust ./trust"},
            mixinStandardHelpOptions = true)
    int verify(
            @Parameters(paramLabel = "F.policy", description = "a signed policy") Path file,
            @Option(names = "--trust", required = true, paramLabel = "DIR", description = "pinned keys: DIR/root/*.pem")
                    Path trust,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        byte[] artifact = Artifacts.read(file);
        Policy.verify(
                artifact, Trust.load(trust).root(), Policy.claimedBy(artifact).site());
        describe(artifact, json, true);
        return 0;
    }

    @Command(
            name = "show",
            description = "Shows what a policy says; verifies nothing.",
            footer = {"", "Example: fluxrig policy show site.policy"},
            mixinStandardHelpOptions = true)
    int show(
            @Parameters(paramLabel = "F.policy", description = "a signed policy") Path file,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        describe(Artifacts.read(file), json, false);
        return 0;
    }

    @Command(
            name = "push",
            description = "Puts a policy in force: the Mixer and every Rack verify it, and take it if it is newer.",
            footer = {"", "Example: fluxrig policy push site.policy"},
            mixinStandardHelpOptions = true)
    int push(
            @Parameters(paramLabel = "F.policy", description = "a signed policy") Path file,
            @Mixin Api api,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        return Rollouts.tell(
                api.post("policies", Artifacts.read(file)),
                json,
                out(),
                spec.commandLine().getErr());
    }

    private void describe(byte[] artifact, boolean json, boolean verified) {
        Policy policy = Policy.claimedBy(artifact);
        Bytes identity = SignedArtifact.parse(artifact, Policy.CONTENT_TYPE).identity();
        if (json) {
            out().println(toJson(policy, identity, verified));
        } else {
            out().printf("policy %d of site %s%n", policy.version(), policy.site());
            out().printf("  identity %s%s%n", identity.hex(), verified ? " (verified)" : "");
            policy.expires().ifPresent(e -> out().printf("  expires %s%n", Instant.ofEpochSecond(e)));
            policy.grants()
                    .forEach(g -> out().printf(
                                    "  %s: %d of %d keys may sign %s for %s%n",
                                    g.name(),
                                    g.threshold(),
                                    g.keys().size(),
                                    g.scenarios().isEmpty() ? "every scenario" : String.join(", ", g.scenarios()),
                                    g.racks().isEmpty()
                                            ? "every Rack"
                                            : g.racks().size() + " Racks or groups"));
            policy.revoked().forEach(kid -> out().printf("  revoked %s%n", kid.hex()));
            policy.resets().forEach((name, serial) -> out().printf("  %s goes on after serial %d%n", name, serial));
        }
        out().flush();
    }

    private static ObjectNode toJson(Policy policy, Bytes identity, boolean verified) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("site", policy.site()).put("version", policy.version());
        node.put("identity", identity.hex()).put("verified", verified);
        policy.expires()
                .ifPresent(e -> node.put("expires", Instant.ofEpochSecond(e).toString()));
        ArrayNode grants = node.putArray("grants");
        policy.grants().forEach(g -> {
            ObjectNode grant = grants.addObject().put("name", g.name()).put("threshold", g.threshold());
            ArrayNode keys = grant.putArray("keys");
            g.keys()
                    .forEach(
                            raw -> keys.add(VerifyKey.ofRaw(raw.toArray()).kid().hex()));
            ArrayNode scenarios = grant.putArray("scenarios");
            g.scenarios().forEach(scenarios::add);
        });
        ArrayNode revoked = node.putArray("revoked");
        policy.revoked().forEach(kid -> revoked.add(kid.hex()));
        ObjectNode resets = node.putObject("resets");
        policy.resets().forEach(resets::put);
        return node;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
