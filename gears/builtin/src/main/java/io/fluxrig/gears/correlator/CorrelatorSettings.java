package io.fluxrig.gears.correlator;

import io.fluxrig.gear.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the correlator goes by. A message class is the second digit of the message type, as text. */
record CorrelatorSettings(
        @Setting("The spec by which messages are read and written")
        String spec,

        @Setting("Names of the routes; each gives the ports NAME, NAME-reply and NAME-failed")
        List<String> routes,

        @Setting(value = "How long a request waits for its reply", byDefault = "2s")
        Duration timeout,

        @Setting("Other waiting times, by message class") Map<String, Duration> timeouts,

        @Setting("Fields that pair a reply with its request, by message class; 11 and 7 where nothing is said")
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

    List<String> match(char messageClass) {
        return match.getOrDefault(String.valueOf(messageClass), DEFAULT_MATCH);
    }

    Duration longestTimeout() {
        return Stream.concat(Stream.of(timeout), timeouts.values().stream())
                .max(Duration::compareTo)
                .orElseThrow();
    }
}
