package io.fluxrig.wal;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * How far the log is known to be durable. Two slots are written in turn, so that one is always whole.
 *
 * @param closed true where the log was closed in order: then nothing may follow
 * @param counter rises with every slot written; its lowest bit chooses the slot
 * @param segment 0 before the first segment
 * @param end where the next group begins
 * @param number the last durable frame
 */
record Watermark(UUID log, boolean closed, long counter, long segment, long end, long number, byte[] chain) {
    private static final String MAGIC = "FLXRWMRK";
    private static final int LAYOUT = 1;
    private static final int OPEN = 1;
    private static final int CLOSED = 2;

    static Watermark first(UUID log) {
        return new Watermark(log, false, 1, 0, 0, 0, new byte[Format.CHAIN]);
    }

    Watermark again(boolean isClosed) {
        return new Watermark(log, isClosed, counter + 1, segment, end, number, chain);
    }

    long slotOffset() {
        return (counter & 1) * Block.SIZE;
    }

    boolean covers(long otherSegment, long offset) {
        return segment > otherSegment || segment == otherSegment && end > offset;
    }

    ByteBuffer block() {
        ByteBuffer block = Block.begin(MAGIC).putInt(LAYOUT).putInt(closed ? CLOSED : OPEN);
        Block.putId(block, log);
        block.putLong(counter).putLong(segment).putLong(end).putLong(number).put(chain);
        return Block.finish(block);
    }

    /** Null where the bytes are not a slot. */
    static Watermark parse(byte[] bytes) {
        ByteBuffer block = Block.check(bytes, MAGIC);
        if (block == null || block.getInt() != LAYOUT) {
            return null;
        }
        boolean closed = block.getInt() == CLOSED;
        UUID log = Block.getId(block);
        long counter = block.getLong();
        long segment = block.getLong();
        long end = block.getLong();
        long number = block.getLong();
        byte[] chain = new byte[Format.CHAIN];
        block.get(chain);
        return new Watermark(log, closed, counter, segment, end, number, chain);
    }
}
