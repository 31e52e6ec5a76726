package io.fluxrig.scenario;

import io.fluxrig.signal.FluxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Refuses jars that no build tool makes, before anything else reads them: names that lead elsewhere or twice to one file, links, entries that unpack to far more than they
 * are. Reads the directory of the archive only; nothing is ever unpacked.
 */
final class JarForm {
    private static final int MAX_ENTRIES = 20_000;
    private static final long MAX_UNPACKED = 512L << 20;
    private static final int MAX_RATIO = 100;
    /** Small files may be as regular as they like. */
    private static final long SMALL = 1 << 20;

    private static final Pattern NAME = Pattern.compile("[!-~&&[^\\\\:/]]+(/[!-~&&[^\\\\:/]]+)*/?");
    private static final int END = 0x06054b50;
    private static final int END_LENGTH = 22;
    private static final int CENTRAL = 0x02014b50;
    private static final int CENTRAL_LENGTH = 46;
    private static final int LINK = 0xa000;

    private JarForm() {}

    /** @throws FluxException GEAR_JAR, naming the jar */
    static void check(String jar, byte[] bytes) {
        ByteBuffer zip = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int end = end(zip);
            int entries = zip.getShort(end + 10) & 0xffff;
            if (entries > MAX_ENTRIES) {
                throw new IllegalArgumentException("it has more than " + MAX_ENTRIES + " entries");
            }
            checkEntries(zip, zip.getInt(end + 16), entries);
        } catch (IndexOutOfBoundsException cutShort) {
            throw new FluxException(ScenarioError.GEAR_JAR, "'" + jar + "': it is no whole archive");
        } catch (IllegalArgumentException bad) {
            throw new FluxException(ScenarioError.GEAR_JAR, "'" + jar + "': " + bad.getMessage());
        }
    }

    /** Where the record stands that ends every archive; a comment may follow it. */
    private static int end(ByteBuffer zip) {
        for (int at = zip.limit() - END_LENGTH; at >= 0; at--) {
            if (zip.getInt(at) == END && (zip.getShort(at + 20) & 0xffff) == zip.limit() - END_LENGTH - at) {
                return at;
            }
        }
        throw new IllegalArgumentException("it is no archive");
    }

    private static void checkEntries(ByteBuffer zip, int from, int entries) {
        Set<String> names = new HashSet<>();
        long unpacked = 0;
        int at = from;
        for (int i = 0; i < entries; i++) {
            if (zip.getInt(at) != CENTRAL) {
                throw new IllegalArgumentException("its directory is damaged");
            }
            long packed = zip.getInt(at + 20) & 0xffffffffL;
            long size = zip.getInt(at + 24) & 0xffffffffL;
            byte[] raw = new byte[zip.getShort(at + 28) & 0xffff];
            zip.get(at + CENTRAL_LENGTH, raw);
            String name = new String(raw, StandardCharsets.UTF_8);
            checkName(name, names);
            if ((zip.getInt(at + 38) >>> 16 & 0xf000) == LINK) {
                throw new IllegalArgumentException("an entry is a link");
            }
            unpacked += size;
            if (unpacked > MAX_UNPACKED || size > SMALL && size / MAX_RATIO > packed) {
                throw new IllegalArgumentException("it unpacks to far more than it is");
            }
            at += CENTRAL_LENGTH + raw.length + (zip.getShort(at + 30) & 0xffff) + (zip.getShort(at + 32) & 0xffff);
        }
    }

    private static void checkName(String name, Set<String> before) {
        boolean leadsAway = !NAME.matcher(name).matches() || ("/" + name + "/").contains("/../");
        if (leadsAway) {
            throw new IllegalArgumentException("an entry's name is not that of a file below");
        }
        if (!before.add(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("two entries have the same name, perhaps in another case");
        }
    }
}
