package io.fluxrig.audit;

import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.VaultError;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * Reads a bundle's container strictly: stored entries, one after the other from byte 0, each described alike by its local header and the central directory, in
 * the order of FORMATS section 8, nothing before, between or behind them. Whatever a lenient reader could see differently is refused.
 */
final class BundleFile implements Closeable {
    private static final List<String> FIXED =
            List.of("bundle.json", "records.cborseq", "range-proof.json", "checkpoint", "passport.cose");
    private static final Pattern NAMED = Pattern.compile("(artifacts/|blobs/sha256/|keys/)[0-9a-f]{64}");
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int MAX_ENTRIES = 10_000;
    private static final int MAX_SMALL = 16 << 20;
    private static final int DATE = 1 << 5 | 1;
    private static final int VERSION = 10;

    /** Where an entry's bytes lie. */
    record Entry(String name, long offset, long size, int crc, int flags, long header) {}

    private final FileChannel file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private BundleFile(FileChannel file) {
        this.file = file;
    }

    /** @throws FluxException BUNDLE where the container is not exactly what it has to be */
    static BundleFile open(Path path) throws IOException {
        BundleFile bundle = new BundleFile(FileChannel.open(path, StandardOpenOption.READ));
        try {
            bundle.readContainer();
            return bundle;
        } catch (IOException | RuntimeException e) {
            bundle.close();
            throw e;
        }
    }

    private void readContainer() throws IOException {
        long at = 0;
        ByteBuffer head = bytes(at, 4);
        while (head.getInt(0) == LOCAL) {
            if (entries.size() == MAX_ENTRIES) {
                throw bad("more than " + MAX_ENTRIES + " entries");
            }
            Entry entry = local(at);
            if (entries.put(entry.name(), entry) != null) {
                throw bad("an entry stands there twice");
            }
            at = entry.offset() + entry.size();
            head = bytes(at, 4);
        }
        checkOrder();
        long central = at;
        for (Entry entry : entries.values()) {
            at = central(at, entry);
        }
        ByteBuffer end = bytes(at, 22);
        boolean fits = end.getInt(0) == END
                && end.getInt(4) == 0
                && (end.getShort(8) & 0xffff) == entries.size()
                && (end.getShort(10) & 0xffff) == entries.size()
                && (end.getInt(12) & 0xffffffffL) == at - central
                && (end.getInt(16) & 0xffffffffL) == central
                && end.getShort(20) == 0
                && file.size() == at + 22;
        if (!fits) {
            throw bad("the end of the container is not what it has to be");
        }
    }

    private Entry local(long at) throws IOException {
        ByteBuffer head = bytes(at, 30);
        long size = head.getInt(18) & 0xffffffffL;
        int nameLength = head.getShort(26) & 0xffff;
        boolean plain = head.getShort(4) == VERSION
                && head.getShort(8) == 0
                && head.getShort(10) == 0
                && head.getShort(12) == DATE
                && size == (head.getInt(22) & 0xffffffffL)
                && head.getShort(28) == 0
                && nameLength > 0
                && nameLength <= 128;
        int flags = head.getShort(6) & 0xffff;
        if (!plain || flags != 0) {
            throw bad("an entry at byte " + at + " is not a plain stored one");
        }
        byte[] name = new byte[nameLength];
        bytes(at + 30, nameLength).get(name);
        long offset = at + 30 + nameLength;
        if (size > file.size() - offset) {
            throw bad("an entry is larger than the file");
        }
        return new Entry(new String(name, StandardCharsets.ISO_8859_1), offset, size, head.getInt(14), flags, at);
    }

    private long central(long at, Entry entry) throws IOException {
        ByteBuffer head = bytes(at, 46);
        int nameLength = head.getShort(28) & 0xffff;
        byte[] name = new byte[nameLength];
        bytes(at + 46, nameLength).get(name);
        boolean same = head.getInt(0) == CENTRAL
                && head.getShort(4) == VERSION
                && head.getShort(6) == VERSION
                && (head.getShort(8) & 0xffff) == entry.flags()
                && head.getShort(10) == 0
                && head.getShort(12) == 0
                && head.getShort(14) == DATE
                && head.getInt(16) == entry.crc()
                && (head.getInt(20) & 0xffffffffL) == entry.size()
                && (head.getInt(24) & 0xffffffffL) == entry.size()
                && head.getShort(30) == 0
                && head.getShort(32) == 0
                && head.getShort(34) == 0
                && head.getShort(36) == 0
                && head.getInt(38) == 0
                && (head.getInt(42) & 0xffffffffL) == entry.header()
                && entry.name().equals(new String(name, StandardCharsets.ISO_8859_1));
        if (!same) {
            throw bad("the directory of the container does not say of '" + entry.name() + "' what its header says");
        }
        return at + 46 + nameLength;
    }

    private void checkOrder() {
        List<String> names = new ArrayList<>(entries.keySet());
        boolean begins =
                names.size() >= FIXED.size() && names.subList(0, FIXED.size()).equals(FIXED);
        if (!begins) {
            throw bad("its first entries are not " + String.join(", ", FIXED));
        }
        String before = "";
        for (String name : names.subList(FIXED.size(), names.size())) {
            if (!NAMED.matcher(name).matches() || name.compareTo(before) <= 0) {
                throw bad("its entries are not in order, or one does not belong there");
            }
            before = name;
        }
    }

    List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /** A small entry, its CRC checked. */
    byte[] read(String name) throws IOException {
        Entry entry = entries.get(name);
        if (entry.size() > MAX_SMALL) {
            throw bad("'" + name + "' has more than " + MAX_SMALL + " bytes");
        }
        byte[] content = new byte[(int) entry.size()];
        bytes(entry.offset(), content.length).get(content);
        CRC32 crc = new CRC32();
        crc.update(content);
        if ((int) crc.getValue() != entry.crc()) {
            throw bad("the CRC of '" + name + "' does not fit");
        }
        return content;
    }

    Entry entry(String name) {
        return entries.get(name);
    }

    /** Bytes of the container, little endian as its numbers are. */
    ByteBuffer bytes(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, offset + bytes.position()) < 0) {
                throw bad("it ends too early");
            }
        }
        return bytes.flip();
    }

    static FluxException bad(String why) {
        return new FluxException(VaultError.BUNDLE, why);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
