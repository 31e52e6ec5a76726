package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.audit.AuditVerify;
import io.fluxrig.audit.Bundle;
import io.fluxrig.audit.BundleVerify;
import io.fluxrig.audit.Verdict;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "a checkpoint kept elsewhere, by a witness for example, that the log must lead to as well")
    private Optional<Path> checkpoint = Optional.empty();

    @Option(names = "--json", description = "one document on standard output")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Verdict verdict = bundle.isPresent() ? verify(bundle.get(), err) : verify(err);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(toJson(verdict));
        } else {
            print(verdict, out);
        }
        out.flush();
        return verdict.exitCode();
    }

    private Verdict verify(Path file, PrintWriter err) {
        if (checkpoint.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(), "--checkpoint is compared with a whole log, not with a bundle");
        }
        try (Bundle opened = Bundle.open(file)) {
            return BundleVerify.run(opened, PinnedKeys.in(trust), Progress.of(err, "leaves read"));
        }
    }

    private Verdict verify(PrintWriter err) {
        return AuditVerify.run(
                choice.files(),
                PinnedKeys.in(trust, choice.data()),
                checkpoint.map(this::read),
                Progress.of(err, "leaves read"));
    }

    private byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new FluxException(CliError.INPUT, file + ": " + e.getMessage(), e);
        }
    }

    static void print(Verdict verdict, PrintWriter out) {
        Verdict.Counts counts = verdict.counts();
        out.printf("%s: %s%n", verdict.rack(), verdict.intact() ? "intact" : "NOT INTACT");
        out.printf(
                "  %,d leaves, %,d of them under %d signed checkpoints, %,d not sealed yet%n",
                counts.leaves(), counts.sealed(), counts.checkpoints(), counts.unsealed());
        out.printf("  %d scenario artifacts and %d specs verified%n", counts.artifacts(), counts.specs());
        out.printf(
                "  trust: %s%s%n",
                verdict.trust().text(),
                verdict.trust().rootKeyHere() ? " (the root key lies on this same machine)" : "");
        for (Verdict.Witnessed witnessed : verdict.witnesses()) {
            out.printf(
                    "  witness %s saw the first %,d leaves at %s%n",
                    witnessed.witness(), witnessed.size(), Instant.ofEpochSecond(witnessed.time()));
        }
        if (counts.archived() > 0) {
            out.printf(
                    "  %,d of the leaves lie in an archive that is out of reach: their hashes lead to the checkpoints, they themselves were not read%n",
                    counts.archived());
        }
        if (counts.shredded() > 0) {
            out.printf(
                    "  %,d messages are shredded: their key was destroyed on purpose, and every proof still stands%n",
                    counts.shredded());
        }
        if (counts.tornBytes() > 0) {
            out.printf("  %,d torn bytes of a write that was cut off: no damage%n", counts.tornBytes());
        }
        if (counts.openSignals() > 0) {
            out.printf("  %,d signals have no end yet; they get one when the Rack starts%n", counts.openSignals());
        }
        for (Verdict.Problem problem : verdict.problems()) {
            out.printf(
                    "  %s: %s: %s%n", problem.kind().name().toLowerCase(Locale.ROOT), problem.where(), problem.what());
        }
    }

    private static ObjectNode toJson(Verdict verdict) {
        Verdict.Counts counts = verdict.counts();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("intact", verdict.intact());
        node.put("rack", verdict.rack());
        node.put("origin", verdict.origin());
        node.put("leaves", counts.leaves());
        node.put("archived", counts.archived());
        node.put("sealed", counts.sealed());
        node.put("unsealed", counts.unsealed());
        node.put("tornBytes", counts.tornBytes());
        node.put("checkpoints", counts.checkpoints());
        node.put("openSignals", counts.openSignals());
        node.put("shredded", counts.shredded());
        node.put("artifacts", counts.artifacts());
        node.put("specs", counts.specs());
        node.put("trust", verdict.trust().text());
        node.put("rootKeyHere", verdict.trust().rootKeyHere());
        ArrayNode witnesses = node.putArray("witnesses");
        for (Verdict.Witnessed witnessed : verdict.witnesses()) {
            witnesses
                    .addObject()
                    .put("witness", witnessed.witness())
                    .put("size", witnessed.size())
                    .put("time", Instant.ofEpochSecond(witnessed.time()).toString());
        }
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
