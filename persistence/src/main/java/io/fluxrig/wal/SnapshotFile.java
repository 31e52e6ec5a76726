package io.fluxrig.wal;

import io.fluxrig.signal.Hashes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** One snapshot as a file of its own: magic, fields, CRC32C over all before it. */
record SnapshotFile(
        String persistenceId,
        long sequenceNr,
        long timestamp,
        Optional<WalWrite.Metadata> metadata,
        int serializerId,
        String manifest,
        byte[] payload) {
    private static final byte[] MAGIC = "FLXRSNP1".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})-([0-9]{19})-([0-9]{19})\\.snapshot");

    /** What a file's name tells. */
    record Name(String idHash, long sequenceNr, long timestamp) {
        String fileName() {
            return String.format("%s-%019d-%019d.snapshot", idHash, sequenceNr, timestamp);
        }
    }

    /** Names come from hashes: no persistence id reaches the file system. */
    static String hash(String persistenceId) {
        return HexFormat.of().formatHex(Hashes.sha256(persistenceId.getBytes(StandardCharsets.UTF_8)));
    }

    static Optional<Name> name(String fileName) {
        Matcher m = NAME.matcher(fileName);
        return m.matches()
                ? Optional.of(new Name(m.group(1), Long.parseLong(m.group(2)), Long.parseLong(m.group(3))))
                : Optional.empty();
    }

    ByteBuffer bytes() {
        byte[] id = utf8(persistenceId);
        byte[] man = utf8(manifest);
        byte[] metaManifest = utf8(metadata.map(WalWrite.Metadata::manifest).orElse(""));
        byte[] meta = metadata.map(WalWrite.Metadata::bytes).orElse(new byte[0]);
        ByteBuffer out = ByteBuffer.allocate(Math.addExact(
                MAGIC.length + 49 + id.length + man.length + metaManifest.length + meta.length, payload.length));
        out.put(MAGIC).putLong(sequenceNr).putLong(timestamp);
        put(out, id);
        out.put((byte) (metadata.isPresent() ? 1 : 0));
        out.putInt(metadata.map(WalWrite.Metadata::serializerId).orElse(0));
        put(out, metaManifest);
        put(out, meta);
        out.putInt(serializerId);
        put(out, man);
        put(out, payload);
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, out.position());
        out.putInt((int) crc.getValue());
        return out.flip();
    }

    /** Empty where the bytes are not a whole snapshot. */
    static Optional<SnapshotFile> parse(byte[] bytes) {
        if (bytes.length < MAGIC.length + 4 || !Arrays.equals(MAGIC, Arrays.copyOf(bytes, MAGIC.length))) {
            return Optional.empty();
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt(bytes.length - 4) != (int) crc.getValue()) {
            return Optional.empty();
        }
        in.position(MAGIC.length).limit(bytes.length - 4);
        try {
            long sequenceNr = in.getLong();
            long timestamp = in.getLong();
            String id = text(in);
            boolean present = in.get() == 1;
            WalWrite.Metadata meta = new WalWrite.Metadata(in.getInt(), text(in), blob(in));
            SnapshotFile file = new SnapshotFile(
                    id,
                    sequenceNr,
                    timestamp,
                    present ? Optional.of(meta) : Optional.empty(),
                    in.getInt(),
                    text(in),
                    blob(in));
            return in.hasRemaining() ? Optional.empty() : Optional.of(file);
        } catch (BufferUnderflowException tooShort) {
            return Optional.empty();
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ByteBuffer out, byte[] bytes) {
        out.putInt(bytes.length).put(bytes);
    }

    private static String text(ByteBuffer in) {
        return new String(blob(in), StandardCharsets.UTF_8);
    }

    private static byte[] blob(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return "SnapshotFile[" + persistenceId + " " + sequenceNr + ", " + payload.length + " bytes]";
    }
}
