package io.fluxrig.wal;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The first 512 bytes of a segment.
 *
 * @param firstNumber the number of its first frame
 * @param size the length of the file, zero-filled to the end
 * @param previous the chain hash with which the segment before ended; 32 zero bytes in the first
 * @param salt the header's own CRC, which goes into the CRC of every frame: a frame of another segment or log never fits
 */
record SegmentHeader(
        int version,
        UUID log,
        long index,
        long firstNumber,
        long size,
        byte[] previous,
        long created,
        String owner,
        int salt) {
    private static final String MAGIC = "FLXRWSEG";

    SegmentHeader(
            int version,
            UUID log,
            long index,
            long firstNumber,
            long size,
            byte[] previous,
            long created,
            String owner) {
        this(version, log, index, firstNumber, size, previous, created, owner, 0);
    }

    ByteBuffer block() {
        ByteBuffer block = Block.begin(MAGIC).putInt(version);
        Block.putId(block, log);
        block.putLong(index).putLong(firstNumber).putLong(size).put(previous).putLong(created);
        Block.putText(block, owner);
        return Block.finish(block);
    }

    /** Null where the bytes are not a header. */
    static SegmentHeader parse(byte[] bytes) {
        ByteBuffer block = Block.check(bytes, MAGIC);
        if (block == null) {
            return null;
        }
        int version = block.getInt();
        UUID log = Block.getId(block);
        long index = block.getLong();
        long first = block.getLong();
        long size = block.getLong();
        byte[] previous = new byte[Format.CHAIN];
        block.get(previous);
        long created = block.getLong();
        String owner = Block.getText(block);
        int salt = block.getInt(Block.CRC_AT);
        return owner == null
                ? null
                : new SegmentHeader(version, log, index, first, size, previous, created, owner, salt);
    }
}
