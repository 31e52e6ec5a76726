package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.audit.AuditVerify;
import io.fluxrig.audit.Bundle;
import io.fluxrig.audit.BundleVerify;
import io.fluxrig.audit.Verdict;
import io.fluxrig.scenario.Trust;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig audit verify}. */
@Command(
        name = "verify",
        description = "Re-reads and re-hashes everything: log, tree, checkpoints, passport, artifacts, specs.",
        footer = {
            "",
            "Exit codes: 0 intact, 3 altered or not trusted, 4 a gap.",
            "Examples: fluxrig audit verify --data ./fluxrig-data --trust ./trust --json",
            "          fluxrig audit verify day.evidence.zip --trust ./trust"
        },
        mixinStandardHelpOptions = true)
final class AuditVerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "BUNDLE", arity = "0..1", description = "an evidence bundle instead of a data directory")
    private Optional<Path> bundle = Optional.empty();

    @Mixin
    private RackChoice choice;

    @Option(names = "--trust", paramLabel = "DIR", description = "pinned keys (default: trust/ of the data directory)")
    private Optional<Path> trust = Optional.empty();

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Verdict verdict = bundle.isPresent() ? verify(bundle.get(), trust, err) : verify(choice, trust, err);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(toJson(verdict));
        } else {
            print(verdict, out);
        }
        out.flush();
        return verdict.exitCode();
    }

    private static Verdict verify(Path file, Optional<Path> trustDir, PrintWriter err) {
        Trust trust = trustDir.map(Trust::load).orElseGet(Trust::none);
        try (Bundle bundle = Bundle.open(file)) {
            return BundleVerify.run(bundle, trust.root(), trust.scenario(), progress(err));
        }
    }

    private static Verdict verify(RackChoice choice, Optional<Path> trustDir, PrintWriter err) {
        Path pinned = trustDir.orElseGet(() -> choice.data().resolve("trust"));
        Trust trust = Files.isDirectory(pinned) ? Trust.load(pinned) : Trust.none();
        return AuditVerify.run(choice.files(), trust.root(), trust.scenario(), progress(err));
    }

    private static LongConsumer progress(PrintWriter err) {
        long[] told = {System.nanoTime()};
        return leaves -> {
            if (System.nanoTime() - told[0] > 1_000_000_000L) {
                told[0] = System.nanoTime();
                err.printf("%,d leaves read%n", leaves);
                err.flush();
            }
        };
    }

    static void print(Verdict verdict, PrintWriter out) {
        out.printf("%s: %s%n", verdict.rack(), verdict.intact() ? "intact" : "NOT INTACT");
        out.printf(
                "  %,d leaves, %,d of them under %d signed checkpoints, %,d not sealed yet%n",
                verdict.leaves(), verdict.sealed(), verdict.checkpoints(), verdict.unsealed());
        out.printf("  %d scenario artifacts and %d specs verified%n", verdict.artifacts(), verdict.blobs());
        out.printf(
                "  trust: %s%s%n",
                verdict.trust(), verdict.rootKeyHere() ? " (the root key lies on this same machine)" : "");
        if (verdict.archived() > 0) {
            out.printf(
                    "  %,d of the leaves lie in an archive that is out of reach: their hashes lead to the checkpoints, they themselves were not read%n",
                    verdict.archived());
        }
        if (verdict.tornBytes() > 0) {
            out.printf("  %,d torn bytes of a write that was cut off: no damage%n", verdict.tornBytes());
        }
        if (verdict.openSignals() > 0) {
            out.printf("  %,d signals have no end yet; they get one when the Rack starts%n", verdict.openSignals());
        }
        for (Verdict.Problem problem : verdict.problems()) {
            out.printf(
                    "  %s: %s: %s%n", problem.kind().name().toLowerCase(Locale.ROOT), problem.where(), problem.what());
        }
    }

    private static ObjectNode toJson(Verdict verdict) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("intact", verdict.intact());
        node.put("rack", verdict.rack());
        node.put("origin", verdict.origin());
        node.put("leaves", verdict.leaves());
        node.put("archived", verdict.archived());
        node.put("sealed", verdict.sealed());
        node.put("unsealed", verdict.unsealed());
        node.put("tornBytes", verdict.tornBytes());
        node.put("checkpoints", verdict.checkpoints());
        node.put("openSignals", verdict.openSignals());
        node.put("artifacts", verdict.artifacts());
        node.put("specs", verdict.blobs());
        node.put("trust", verdict.trust());
        node.put("rootKeyHere", verdict.rootKeyHere());
        ArrayNode problems = node.putArray("problems");
        for (Verdict.Problem problem : verdict.problems()) {
            problems.addObject()
                    .put("kind", problem.kind().name().toLowerCase(Locale.ROOT))
                    .put("where", problem.where())
                    .put("what", problem.what());
        }
        return node;
    }
}
