package io.fluxrig.gears.correlator;

import io.fluxrig.gear.Setting;
import io.fluxrig.gears.iso8583.Validation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the correlator goes by. A message class is the second digit of the message type, as text. */
record CorrelatorSettings(
        @Setting("The spec by which messages are read and written")
        String spec,

        @Setting(
                value =
                        "Whether replies are held against their requests by the rules of the spec: off, warn or enforce",
                byDefault = "warn")
        Validation validation,

        @Setting("Names of the routes; each gives the ports NAME, NAME-reply and NAME-failed")
        List<String> routes,

        @Setting(value = "How long a request waits for its reply", byDefault = "2s")
        Duration timeout,

        @Setting("Other waiting times, by message class") Map<String, Duration> timeouts,

        @Setting(
                "Fields that pair a reply with its request, by message class; those of the spec's correlate_on, or 11 and 7, where nothing is said")
        Map<String, List<String>> match,

        @Setting("Fields by which two open requests are the same; 41, 42, 11 and 7 where nothing is said")
        List<String> duplicateKey,

        @Setting(value = "Most requests that wait on one route", byDefault = "1024", min = 1, max = 100_000)
        int maxOpen) {

    private static final List<String> DEFAULT_MATCH = List.of("11", "7");
    private static final List<String> DEFAULT_DUPLICATE_KEY = List.of("41", "42", "11", "7");

    CorrelatorSettings {
        if (duplicateKey.isEmpty()) {
            duplicateKey = DEFAULT_DUPLICATE_KEY;
        }
    }

    Duration timeout(char messageClass) {
        return timeouts.getOrDefault(String.valueOf(messageClass), timeout);
    }

    /** @param shared what the spec says, if anything */
    List<String> match(char messageClass, List<String> shared) {
        return match.getOrDefault(String.valueOf(messageClass), shared.isEmpty() ? DEFAULT_MATCH : shared);
    }

    Duration longestTimeout() {
        return Stream.concat(Stream.of(timeout), timeouts.values().stream())
                .max(Duration::compareTo)
                .orElseThrow();
    }
}
