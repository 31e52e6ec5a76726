package io.fluxrig.cli;

import io.fluxrig.audit.LeafQuery;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import io.fluxrig.vault.LeafKind;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which leaves somebody asks for. */
final class LeafFilter {
    @Option(names = "--id", paramLabel = "FLUXID", description = "only leaves of this signal")
    private Optional<String> id = Optional.empty();

    @Option(
            names = "--ref",
            paramLabel = "FLUXID",
            description = "only leaves whose message answers this signal or derives from it")
    private Optional<String> ref = Optional.empty();

    @Option(names = "--gear", paramLabel = "GEAR", description = "only leaves of this gear, by name or entity id")
    private Optional<String> gear = Optional.empty();

    @Option(names = "--kind", paramLabel = "KIND", description = "only leaves of this kind, for example failed")
    private Optional<String> kind = Optional.empty();

    @Option(names = "--since", paramLabel = "T", description = "not before this time, RFC 3339")
    private Optional<String> since = Optional.empty();

    @Option(names = "--until", paramLabel = "T", description = "before this time, RFC 3339")
    private Optional<String> until = Optional.empty();

    @Option(
            names = "--outcome",
            paramLabel = "OUTCOME",
            description = "only ends of signals with this outcome: sent, consumed, handed-over or failed")
    private Optional<String> outcome = Optional.empty();

    @Option(names = "--code", paramLabel = "FLX-NNNN", description = "only signals that failed with this error")
    private Optional<String> code = Optional.empty();

    @Option(
            names = "--field",
            paramLabel = "ALIAS=VALUE",
            description = "only messages that came in with this value, by alias or number; may be given several times")
    private List<String> fields = List.of();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** @param names knows gears and aliases */
    LeafQuery query(AuditNames names) {
        kind.ifPresent(k -> require(
                Stream.of(LeafKind.values()).anyMatch(known -> known.text().equals(k)),
                "--kind " + k + ": no such kind"));
        outcome.ifPresent(o -> require(
                LeafQuery.OUTCOMES.contains(o),
                "--outcome " + o + ": it is one of " + String.join(", ", LeafQuery.OUTCOMES)));
        code.ifPresent(c -> require(c.matches("FLX-\\d{4}"), "--code " + c + ": write it like FLX-4021"));
        List<LeafQuery.FieldIs> wanted = new ArrayList<>();
        for (String field : fields) {
            int equals = field.indexOf('=');
            require(equals > 0, "--field " + field + ": write it like alias=value");
            wanted.add(new LeafQuery.FieldIs(names.pathsOf(field.substring(0, equals)), field.substring(equals + 1)));
        }
        return new LeafQuery(
                id.map(FluxId::parse).orElse(0L),
                ref.map(FluxId::parse).orElse(0L),
                gear.map(g -> entity(g, names)).orElse(0L),
                kind.orElse(""),
                since.map(t -> nanos("--since", t)).orElse(Long.MIN_VALUE),
                until.map(t -> nanos("--until", t)).orElse(Long.MAX_VALUE),
                outcome.orElse(""),
                code.map(c -> Integer.parseInt(c.substring(4))).orElse(0),
                wanted);
    }

    private long entity(String text, AuditNames names) {
        if (text.matches("gear-[0-9a-f]{4}-[0-9a-f]{10}")) {
            return FluxEntityId.parse(text).value();
        }
        return names.gear(text)
                .orElseThrow(() -> new FluxException(
                        CliError.INPUT,
                        "there is no gear '" + text + "' here, but: " + String.join(", ", names.gears())));
    }

    private long nanos(String option, String text) {
        try {
            Instant time = Instant.parse(text);
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
        } catch (DateTimeParseException | ArithmeticException notATime) {
            throw new ParameterException(
                    spec.commandLine(), option + " " + text + ": write it like 2026-11-23T00:00:00Z");
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
