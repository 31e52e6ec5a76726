package io.fluxrig.wal;

import java.util.List;

/** What is written whole or not at all. */
sealed interface Unit {
    record Events(String persistenceId, List<WalWrite> writes) implements Unit {}

    record Delete(String persistenceId, long toSequenceNr) implements Unit {}

    default long bound() {
        return switch (this) {
            case Events events -> {
                long sum = 0;
                for (WalWrite write : events.writes()) {
                    sum += write.bound();
                }
                yield sum;
            }
            case Delete delete -> 160 + 3L * delete.persistenceId().length();
        };
    }

    String persistenceId();
}
