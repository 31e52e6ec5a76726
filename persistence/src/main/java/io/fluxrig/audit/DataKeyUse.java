package io.fluxrig.audit;

import io.fluxrig.signal.Bytes;
import io.fluxrig.vault.Leaf;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/** Which data keys sealed messages on which days (UTC), and how many. */
public final class DataKeyUse {
    /** One key: the days of its first and last message, and how many there are. */
    public record Use(LocalDate first, LocalDate last, long messages) {
        private Use and(LocalDate day) {
            return new Use(day.isBefore(first) ? day : first, day.isAfter(last) ? day : last, messages + 1);
        }
    }

    private final Map<String, Use> keys = new TreeMap<>();

    public void see(Leaf leaf) {
        LocalDate day = Instant.ofEpochSecond(Math.floorDiv(leaf.at(), 1_000_000_000L))
                .atZone(ZoneOffset.UTC)
                .toLocalDate();
        leaf.sealedWith().ifPresent(k -> count(k, day));
        if (!leaf.digestKey().isEmpty()) {
            keys.putIfAbsent(leaf.digestKey().hex(), new Use(day, day, 0));
        }
    }

    private void count(Bytes k, LocalDate day) {
        keys.compute(k.hex(), (same, use) -> use == null ? new Use(day, day, 1) : use.and(day));
    }

    /** By the name of the key. */
    public Map<String, Use> all() {
        return Map.copyOf(keys);
    }
}
