package io.fluxrig.wal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of the log's format (docs/formats/wal.md). */
final class Format {
    /** The newest: version 2 is version 1 whose first segments may have been moved to an archive. */
    static final int VERSION = 2;

    static final int WITH_ARCHIVE = 2;
    static final String COOKIE = "identity";
    static final String WATERMARK = "watermark";
    static final String LOCK = "lock";
    static final String RESERVE = "reserve.tmp";
    static final String TORN = ".torn";

    /** Length, type, flags, two zero bytes, number, durableThrough. */
    static final int HEAD = 24;

    static final int CRC = 4;
    static final int CHAIN = 32;
    static final int ALIGN = 8;
    static final int COMMIT_LENGTH = HEAD + 4 + CHAIN + CRC;
    static final int SEAL_LENGTH = HEAD + 16 + CHAIN + CRC;

    /** What a group and the seal need beside the records. */
    static final int ROOM = 256;

    static final byte RECORD = 1;
    static final byte DECLARE = 2;
    static final byte DELETED = 3;
    static final byte COMMIT = 4;
    static final byte SEAL = 5;

    static final byte WITH_METADATA = 1;

    static final int MAX_NAME = 0xffff;
    static final int MAX_TAGS = 255;

    private static final Pattern SEGMENT = Pattern.compile("([0-9]{10})\\.seg");

    private Format() {}

    static String segmentName(long index) {
        return String.format("%010d.seg", index);
    }

    /** -1 where the name is not one of a segment. */
    static long segmentIndex(String name) {
        Matcher m = SEGMENT.matcher(name);
        return m.matches() ? Long.parseLong(m.group(1)) : -1;
    }

    static int aligned(int length) {
        return (length + ALIGN - 1) & -ALIGN;
    }
}
