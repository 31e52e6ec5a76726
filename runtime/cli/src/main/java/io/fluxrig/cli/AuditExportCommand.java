package io.fluxrig.cli;

import io.fluxrig.audit.Evidence;
import io.fluxrig.vault.DataKeys;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fluxrig audit export}. */
@Command(
        name = "export",
        description = "Writes a bundle that proves what is in it, for somebody who has nothing else.",
        footer = {
            "",
            "Examples: fluxrig audit export --data ./fluxrig-data --out today.evidence.zip",
            "          fluxrig audit export --data ./fluxrig-data --since 2026-11-23T00:00:00Z --until 2026-11-24T00:00:00Z --out day.evidence.zip"
        },
        mixinStandardHelpOptions = true)
final class AuditExportCommand implements Callable<Integer> {
    @Mixin
    private RackChoice choice;

    @Option(names = "--from", paramLabel = "N", description = "first leaf (default: 0)")
    private Optional<Long> from = Optional.empty();

    @Option(names = "--to", paramLabel = "M", description = "leaf before which it ends (default: the last checkpoint)")
    private Optional<Long> to = Optional.empty();

    @Option(names = "--since", paramLabel = "T", description = "from the first leaf of this time on, RFC 3339")
    private Optional<String> since = Optional.empty();

    @Option(names = "--until", paramLabel = "T", description = "up to the first leaf of this time")
    private Optional<String> until = Optional.empty();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "the bundle, X.evidence.zip")
    private Path out;

    @Option(names = "--with-keys", description = "add the data keys: whoever has the bundle reads every message in it")
    private boolean withKeys;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        if ((from.isPresent() || to.isPresent()) && (since.isPresent() || until.isPresent())) {
            throw new ParameterException(spec.commandLine(), "give --from and --to, or --since and --until, not both");
        }
        if (withKeys) {
            err.println("WITH KEYS: whoever gets this bundle can read every message in it, card numbers included.");
            err.flush();
        }
        // A time may lie beyond what is sealed: what no checkpoint covers yet is never exported.
        long reach = Evidence.reach(choice.files());
        long first = since.map(time -> Math.min(reach, firstLeafAt(time))).orElse(from.orElse(0L));
        Optional<Long> end = until.isPresent() ? until.map(time -> Math.min(reach, firstLeafAt(time))) : to;
        Optional<DataKeys> keys = withKeys ? Optional.of(choice.keys()) : Optional.empty();
        Evidence.Written written = Evidence.export(choice.files(), first, end, keys, out);
        PrintWriter text = spec.commandLine().getOut();
        text.printf(
                "%s: leaves %d to %d of %d, %d artifacts, %d specs, %d keys%n",
                out,
                written.from(),
                written.to(),
                written.treeSize(),
                written.artifacts(),
                written.blobs(),
                written.keys());
        text.flush();
        return 0;
    }

    /** Index of the first leaf that is not older; the number of leaves where all are. */
    private long firstLeafAt(String time) {
        Instant instant;
        try {
            instant = Instant.parse(time);
        } catch (DateTimeParseException e) {
            throw new ParameterException(spec.commandLine(), time + " is not a time like 2026-11-23T00:00:00Z");
        }
        long nanos = Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
        long[] found = {-1, 0};
        choice.reader().forEachSince(nanos, leaf -> {
            found[1] = leaf.n() + 1;
            if (found[0] < 0 && leaf.at() >= nanos) {
                found[0] = leaf.n();
            }
        });
        return found[0] < 0 ? found[1] : found[0];
    }
}
