package io.fluxrig.wal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/** Encodes one group of frames into a buffer that is used again and again. */
final class GroupBuffer {
    private static final int MAX_CACHED_TEXTS = 1024;
    /** What a log that has little to write holds; a busy one soon has as much as its groups need. */
    private static final int FIRST_CAPACITY = 1 << 16;

    private final int usual;
    private final Map<String, byte[]> texts = new HashMap<>();
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer place = ByteBuffer.allocate(12);
    private final Chain chain = new Chain();
    private ByteBuffer out;
    private int salt;
    private long base;
    private long first;
    private long number;
    private byte[] before;
    private int start;

    /** @param usual the most that a group usually has */
    GroupBuffer(int usual) {
        this.usual = usual;
        out = ByteBuffer.allocateDirect(Math.min(usual, FIRST_CAPACITY));
    }

    /**
     * @param needed upper bound of the group's bytes
     * @param offset where it will be written
     * @param firstNumber of its first frame
     * @param chainBefore chain hash over everything before
     */
    void begin(long needed, int headerSalt, long offset, long firstNumber, byte[] chainBefore) {
        if (out.capacity() < needed) {
            out = ByteBuffer.allocateDirect(Math.toIntExact(Math.max(needed, Math.min(usual, 2L * out.capacity()))));
        }
        out.clear();
        salt = headerSalt;
        base = offset;
        first = firstNumber;
        number = firstNumber;
        before = chainBefore;
        chain.begin(chainBefore);
    }

    void declare(int idNumber, String persistenceId) {
        open(Format.DECLARE, (byte) 0);
        out.putInt(idNumber);
        text(persistenceId);
        close();
    }

    void deleted(int idNumber, long toSequenceNr) {
        open(Format.DELETED, (byte) 0);
        out.putInt(idNumber).putLong(toSequenceNr);
        close();
    }

    void record(int idNumber, WalWrite write) {
        open(Format.RECORD, write.metadata().isPresent() ? Format.WITH_METADATA : 0);
        out.putInt(idNumber)
                .putLong(write.sequenceNr())
                .putLong(write.timestamp())
                .putInt(write.serializerId());
        text(write.manifest());
        text(write.eventManifest());
        text(write.writerUuid());
        out.put((byte) write.tags().size());
        for (String tag : write.tags()) {
            text(tag);
        }
        if (write.metadata().isPresent()) {
            WalWrite.Metadata meta = write.metadata().get();
            out.putInt(meta.serializerId());
            text(meta.manifest());
            out.putInt(meta.bytes().length).put(meta.bytes());
        }
        out.putInt(write.payload().length).put(write.payload());
        close();
    }

    /** @return the chain hash over everything up to and with this group */
    byte[] commit() {
        int frames = (int) (number - first);
        byte[] after = chain.end();
        open(Format.COMMIT, (byte) 0);
        out.putInt(frames).put(after);
        close();
        return after;
    }

    /** A group of its own. @return the chain hash with which the next segment begins */
    byte[] seal(long frames, long firstOfSegment) {
        open(Format.SEAL, (byte) 0);
        out.putLong(frames).putLong(firstOfSegment).put(before);
        close();
        return chain.end();
    }

    /** The number after the last frame. */
    long nextNumber() {
        return number;
    }

    /** What to write, from the first byte; may be asked for again. */
    ByteBuffer bytes() {
        return out.duplicate().flip();
    }

    private void open(byte type, byte flags) {
        start = out.position();
        out.putInt(0).put(type).put(flags).putShort((short) 0).putLong(number).putLong(first - 1);
    }

    private void close() {
        int length = out.position() - start + Format.CRC;
        out.putInt(start, length);
        crc.reset();
        place.clear().putInt(salt).putLong(base + start);
        crc.update(place.array(), 0, 12);
        int end = out.position();
        out.position(start).limit(end);
        crc.update(out);
        out.limit(out.capacity());
        out.putInt((int) crc.getValue());
        chain.add(out, start, length);
        while ((out.position() & (Format.ALIGN - 1)) != 0) {
            out.put((byte) 0);
        }
        number++;
    }

    private void text(String text) {
        byte[] utf8 = utf8(text);
        out.putShort((short) utf8.length).put(utf8);
    }

    private byte[] utf8(String text) {
        byte[] known = texts.get(text);
        if (known != null) {
            return known;
        }
        byte[] made = text.getBytes(StandardCharsets.UTF_8);
        if (texts.size() >= MAX_CACHED_TEXTS) {
            texts.clear();
        }
        texts.put(text, made);
        return made;
    }
}
