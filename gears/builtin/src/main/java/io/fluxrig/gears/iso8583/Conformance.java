package io.fluxrig.gears.iso8583;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Severity;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Violation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Holds messages against the rules of a spec, as a gear was told to. Safe for use from any thread. */
public final class Conformance {
    private static final Map<Violation.Kind, String> COUNTERS = counters();
    private static final int MAX_TOLD = 5;
    private static final byte[] NO_RAW = {};

    private final Spec spec;
    private final Validation validation;

    private Conformance(Spec spec, Validation validation) {
        this.spec = spec;
        this.validation = validation;
    }

    /** Empty where there is nothing to look at: no spec, no rules in it, or validation is off. */
    public static Optional<Conformance> of(Optional<Spec> spec, Validation validation) {
        return spec.filter(s -> validation != Validation.OFF && !s.validator().isEmpty())
                .map(s -> new Conformance(s, validation));
    }

    /** What was found wrong with a message; {@link #NONE} where nothing was. */
    public record Verdict(List<Violation> violations, boolean refused) {
        public static final Verdict NONE = new Verdict(List.of(), false);

        public boolean isClean() {
            return violations.isEmpty();
        }

        /** {@code {violations: [{element, rule, severity, reason}]}}, or empty where there are none. */
        public FluxMap note() {
            if (violations.isEmpty()) {
                return FluxMap.EMPTY;
            }
            List<Value> told = new ArrayList<>(violations.size());
            for (Violation violation : violations) {
                told.add(FluxMap.builder()
                        .put("element", violation.element())
                        .put("rule", violation.rule().word())
                        .put("severity", violation.severity().name().toLowerCase(Locale.ROOT))
                        .put("reason", violation.reason())
                        .build());
            }
            return FluxMap.of("violations", Value.of(told));
        }

        /** A sentence for people, without any value. */
        public String reason() {
            List<String> parts = new ArrayList<>();
            violations.stream().limit(MAX_TOLD).forEach(v -> parts.add("field " + v.element() + " " + v.reason()));
            int more = violations.size() - parts.size();
            return String.join("; ", parts) + (more > 0 ? "; and " + more + " more" : "");
        }

        /** Counts each violation under {@code violations.<rule>}. */
        public void count(Consumer<String> counter) {
            violations.forEach(violation -> counter.accept(COUNTERS.get(violation.rule())));
        }
    }

    public Verdict check(FluxMap data) {
        return verdict(spec.validator().check(data));
    }

    /** What of a request must be remembered to judge its response; nothing that may never be stored. */
    public FluxMap remembered(FluxMap request) {
        return spec.codec()
                .withoutSad(spec.validator().comparedByResponses(request), NO_RAW)
                .data();
    }

    /** A response against what was remembered of its request; the rest of it is judged where it comes in. */
    public Verdict checkResponse(FluxMap response, FluxMap remembered) {
        if (remembered.isEmpty()) {
            return Verdict.NONE;
        }
        // A replay does not have what was never stored, and must find the same.
        FluxMap stored = spec.codec().withoutSad(response, NO_RAW).data();
        return verdict(spec.validator().checkResponse(stored, remembered));
    }

    private Verdict verdict(List<Violation> violations) {
        if (violations.isEmpty()) {
            return Verdict.NONE;
        }
        boolean refused =
                validation == Validation.ENFORCE && violations.stream().anyMatch(v -> v.severity() == Severity.REJECT);
        return new Verdict(violations, refused);
    }

    private static Map<Violation.Kind, String> counters() {
        Map<Violation.Kind, String> names = new EnumMap<>(Violation.Kind.class);
        for (Violation.Kind kind : Violation.Kind.values()) {
            names.put(kind, "violations." + kind.word());
        }
        return names;
    }
}
