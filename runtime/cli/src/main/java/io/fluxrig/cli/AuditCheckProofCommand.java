package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fluxrig.audit.Proofs;
import io.fluxrig.node.LeafJson;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.VerifyKey;
import io.fluxrig.vault.Leaf;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig audit check-proof}. */
@Command(
        name = "check-proof",
        description = "Checks a proof of inclusion or of consistency with nothing but the file and a pinned key.",
        footer = {
            "",
            "Exit codes: 0 it holds, 3 it does not.",
            "Example: fluxrig audit check-proof proof.json --trust ./trust"
        },
        mixinStandardHelpOptions = true)
final class AuditCheckProofCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the proof")
    private Path file;

    @Option(
            names = "--key",
            paramLabel = "PUB.pem",
            description = "the Rack's public key, where you have it from elsewhere")
    private Optional<Path> key = Optional.empty();

    @Option(names = "--trust", paramLabel = "DIR", description = "pinned keys: a root key there vouches for the Rack")
    private Optional<Path> trust = Optional.empty();

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Trust pinned = trust.map(Trust::load).orElseGet(Trust::none);
        Optional<VerifyKey> rackKey = key.map(VerifyKey::readPem);
        JsonNode node = ProofJson.read(file);
        PrintWriter out = spec.commandLine().getOut();
        Proofs.Shown shown;
        String what;
        if (ProofJson.isConsistency(node)) {
            Proofs.Consistency proof = ProofJson.consistency(node);
            ProofJson.requireExact(file, ProofJson.of(proof));
            shown = Proofs.check(proof, pinned.root(), rackKey);
            what = "the log of " + proof.oldSize() + " leaves is the beginning of that of " + proof.newSize();
        } else {
            Proofs.Inclusion proof = ProofJson.inclusion(node);
            ProofJson.requireExact(file, ProofJson.of(proof));
            shown = Proofs.check(proof, pinned.root(), rackKey);
            Leaf leaf = Leaf.parse(proof.leaf().toArray());
            what = "leaf " + proof.leafIndex() + " (" + leaf.kind() + " at " + LeafJson.time(leaf.at())
                    + ") is in the log of " + proof.treeSize() + " leaves";
        }
        String trusted = shown.pinned() ? "pinned" : "none";
        if (json) {
            out.println(JsonNodeFactory.instance
                    .objectNode()
                    .put("holds", true)
                    .put("origin", shown.origin())
                    .put("rack", shown.rack())
                    .put("trust", trusted)
                    .put("what", what));
        } else {
            out.printf("holds: %s%n  origin %s, trust: %s%n", what, shown.origin(), trusted);
        }
        out.flush();
        return 0;
    }
}
