package io.fluxrig.wal;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One event on its way into the log.
 *
 * @param sequenceNr higher than any before under this persistence id
 * @param timestamp as the caller counts time (Pekko: unix milliseconds)
 * @param manifest of the payload's serializer
 * @param eventManifest of Pekko's event adapters, mostly empty
 * @param payload not copied: never written to again
 */
public record WalWrite(
        String persistenceId,
        long sequenceNr,
        long timestamp,
        int serializerId,
        String manifest,
        String eventManifest,
        String writerUuid,
        List<String> tags,
        Optional<Metadata> metadata,
        byte[] payload) {

    /** What an actor stores beside its event. */
    public record Metadata(int serializerId, String manifest, byte[] bytes) {}

    public WalWrite {
        Objects.requireNonNull(payload);
        tags = List.copyOf(tags);
    }

    /** Without adapters, tags and metadata. */
    public static WalWrite of(
            String persistenceId, long sequenceNr, int serializerId, String manifest, byte[] payload) {
        return new WalWrite(
                persistenceId, sequenceNr, 0, serializerId, manifest, "", "", List.of(), Optional.empty(), payload);
    }

    /** An upper bound of what it takes in the log, with the declaration of its persistence id. */
    long bound() {
        long text = persistenceId.length() + manifest.length() + eventManifest.length() + writerUuid.length();
        for (String tag : tags) {
            text += tag.length() + 1;
        }
        long meta = metadata.map(m -> m.bytes().length + 3L * m.manifest().length() + 16)
                .orElse(0L);
        return 160 + 3 * text + meta + payload.length;
    }

    @Override
    public String toString() {
        return "WalWrite[" + persistenceId + " " + sequenceNr + ", " + payload.length + " bytes]";
    }
}
