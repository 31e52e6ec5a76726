package io.fluxrig.wal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;

/** A fixed block of 512 bytes, big endian, that ends with the CRC32C of what is before: cookie, segment header, watermark slot. */
final class Block {
    static final int SIZE = 512;
    static final int CRC_AT = SIZE - 4;
    static final int MAX_OWNER = 256;

    private Block() {}

    static ByteBuffer begin(String magic) {
        ByteBuffer block = ByteBuffer.allocate(SIZE);
        block.put(magic.getBytes(StandardCharsets.US_ASCII));
        return block;
    }

    /** Closes the block and makes it ready to be written. */
    static ByteBuffer finish(ByteBuffer block) {
        block.putInt(CRC_AT, crc(block.array()));
        return block.clear();
    }

    /** Positioned after the magic, or null where magic or CRC do not fit. */
    static ByteBuffer check(byte[] bytes, String magic) {
        ByteBuffer block = ByteBuffer.wrap(bytes);
        byte[] start = new byte[magic.length()];
        block.get(start);
        boolean good = magic.equals(new String(start, StandardCharsets.US_ASCII)) && block.getInt(CRC_AT) == crc(bytes);
        return good ? block : null;
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CRC_AT);
        return (int) crc.getValue();
    }

    static void putId(ByteBuffer block, UUID id) {
        block.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    static UUID getId(ByteBuffer block) {
        return new UUID(block.getLong(), block.getLong());
    }

    static void putText(ByteBuffer block, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        block.putShort((short) utf8.length).put(utf8);
    }

    /** Null where the length cannot be. */
    static String getText(ByteBuffer block) {
        int length = block.getShort() & 0xffff;
        if (length > MAX_OWNER) {
            return null;
        }
        byte[] utf8 = new byte[length];
        block.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
