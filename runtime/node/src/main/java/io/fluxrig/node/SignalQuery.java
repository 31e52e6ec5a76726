package io.fluxrig.node;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which signals somebody asks for; times are unix nanoseconds, {@code since} inclusive and {@code until} exclusive. */
record SignalQuery(
        Optional<String> rack,
        Optional<Long> since,
        Optional<Long> until,
        Optional<String> outcome,
        Optional<String> code,
        Optional<String> trace,
        Optional<Long> id,
        int limit) {
    static final int MOST = 10_000;
    private static final Set<String> KEYS = Set.of("rack", "since", "until", "outcome", "code", "trace", "id", "limit");

    /** @throws FluxException SIGNAL_QUERY where a parameter is not known or has no such value */
    static SignalQuery of(Map<String, String> parameters) {
        for (String key : parameters.keySet()) {
            if (!KEYS.contains(key)) {
                throw refuse("'" + key.replaceAll("[^a-z]", "?") + "' is none of "
                        + KEYS.stream().sorted().toList());
            }
        }
        return new SignalQuery(
                text(parameters, "rack", "[A-Za-z0-9_.-]{1,64}", "a Rack's name"),
                time(parameters, "since"),
                time(parameters, "until"),
                text(parameters, "outcome", String.join("|", SignalBook.OUTCOMES), "one of " + SignalBook.OUTCOMES),
                text(parameters, "code", "FLX-[0-9]{4}", "a code such as FLX-6002"),
                text(parameters, "trace", "[0-9a-f]{32}", "32 lower-case hex digits"),
                id(parameters),
                Integer.parseInt(text(parameters, "limit", "[1-9][0-9]{0,3}|10000", "a number up to " + MOST)
                        .orElse("100")));
    }

    private static FluxException refuse(String what) {
        return new FluxException(NodeError.SIGNAL_QUERY, what);
    }

    private static Optional<String> text(Map<String, String> parameters, String key, String form, String such) {
        Optional<String> text = Optional.ofNullable(parameters.get(key));
        if (text.isPresent() && !text.get().matches(form)) {
            throw refuse(key + " is " + such);
        }
        return text;
    }

    private static Optional<Long> time(Map<String, String> parameters, String key) {
        return Optional.ofNullable(parameters.get(key)).map(text -> {
            try {
                Instant time = Instant.parse(text);
                return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
            } catch (DateTimeParseException | ArithmeticException bad) {
                throw refuse(key + " is a time such as 2026-11-23T10:00:00Z");
            }
        });
    }

    private static Optional<Long> id(Map<String, String> parameters) {
        return Optional.ofNullable(parameters.get("id")).map(text -> {
            try {
                return FluxId.parse(text);
            } catch (FluxException bad) {
                throw refuse("id is a fluxID of 13 characters");
            }
        });
    }
}
