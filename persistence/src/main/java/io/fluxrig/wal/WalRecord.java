package io.fluxrig.wal;

import java.util.List;
import java.util.Optional;

/**
 * One event as read back, checked against its CRC.
 *
 * @param segment name of the file
 * @param offset where its frame begins in the file
 * @param number of its frame, counted over the whole log from 1
 * @param payload not to be written to
 */
public record WalRecord(
        String persistenceId,
        long sequenceNr,
        long timestamp,
        int serializerId,
        String manifest,
        String eventManifest,
        String writerUuid,
        List<String> tags,
        Optional<WalWrite.Metadata> metadata,
        byte[] payload,
        String segment,
        long offset,
        long number) {

    @Override
    public String toString() {
        return "WalRecord[" + persistenceId + " " + sequenceNr + " at " + segment + ":" + offset + ", " + payload.length
                + " bytes]";
    }
}
