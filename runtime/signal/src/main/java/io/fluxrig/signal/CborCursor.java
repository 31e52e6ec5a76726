package io.fluxrig.signal;

/** A place in the input and the heads read from it: strict, and never past the end. */
abstract class CborCursor {
    static final String TRUNCATED = "truncated";

    final byte[] bytes;
    final int end;
    int at;

    CborCursor(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    int position() {
        return at;
    }

    boolean atEnd() {
        return at == end;
    }

    int octet() {
        if (at >= end) {
            throw new CborException(at, TRUNCATED);
        }
        return bytes[at++] & 0xff;
    }

    void need(int width, int start) {
        if (end - at < width) {
            throw new CborException(start, TRUNCATED);
        }
    }

    int two(int start) {
        need(2, start);
        int value = (short) Octets.SHORT.get(bytes, at) & 0xffff;
        at += 2;
        return value;
    }

    int four(int start) {
        need(4, start);
        int value = (int) Octets.INT.get(bytes, at);
        at += 4;
        return value;
    }

    long eight(int start) {
        need(8, start);
        long value = Octets.longAt(bytes, at);
        at += 8;
        return value;
    }

    /** The argument of a head, unsigned; {@code start} is where the head begins. */
    long argument(int info, int start) {
        if (info < 24) {
            return info;
        }
        long value;
        switch (info) {
            case 24 -> {
                need(1, start);
                value = bytes[at++] & 0xff;
                shortest(value >= 24, start);
            }
            case 25 -> {
                value = two(start);
                shortest(value >= 0x100, start);
            }
            case 26 -> {
                value = four(start) & 0xffffffffL;
                shortest(value >= 0x10000, start);
            }
            case 27 -> {
                value = eight(start);
                shortest(value >>> 32 != 0, start);
            }
            case 31 -> throw new CborException(start, "indefinite-length");
            default -> throw new CborException(start, "reserved");
        }
        return value;
    }

    static void shortest(boolean is, int start) {
        if (!is) {
            throw new CborException(start, "not-shortest");
        }
    }

    int length(long argument, int start) {
        if (argument < 0 || argument > end - at) {
            throw new CborException(start, TRUNCATED);
        }
        return (int) argument;
    }

    Bytes bytes(long argument, int start) {
        int length = length(argument, start);
        Bytes value = Bytes.copyOf(bytes, at, at + length);
        at += length;
        return value;
    }

    /** The major type of the next item; -1 at the end. */
    int peekMajor() {
        return at < end ? (bytes[at] & 0xff) >> 5 : -1;
    }

    /** The argument of a head that is a count or length of what follows. */
    int count() {
        int start = at;
        return length(argument(octet() & 31, start), start);
    }

    Bytes byteString() {
        int start = at;
        if (peekMajor() != 2) {
            throw new CborException(start, "not-bytes");
        }
        return bytes(argument(octet() & 31, start), start);
    }

    /** An integer in the range of long. */
    long signed() {
        return integer("not-a-long");
    }

    /** An integer in 1..2^63-1. */
    long positive() {
        int start = at;
        long value = integer("not-positive");
        if (value <= 0) {
            throw new CborException(start, "not-positive");
        }
        return value;
    }

    /** An integer of major type 0, up to 2^64-1. */
    long unsigned() {
        int start = at;
        if (peekMajor() != 0) {
            throw new CborException(start, "not-unsigned");
        }
        return argument(octet() & 31, start);
    }

    /** Steps over the key when it is the next item. */
    boolean skip(Key key) {
        if (!key.isAt(bytes, at, end)) {
            return false;
        }
        at += key.encodedSize();
        return true;
    }

    /** Steps over one byte when it is the next. */
    boolean skip(int octet) {
        if (at >= end || (bytes[at] & 0xff) != octet) {
            return false;
        }
        at++;
        return true;
    }

    /** The count of a map or array ({@code major}) with at most 23 entries; -1 for anything else, and nothing is read. */
    int smallCount(int major) {
        if (at >= end || (bytes[at] & 0xff) >> 5 != major || (bytes[at] & 31) > 23) {
            return -1;
        }
        return bytes[at++] & 31;
    }

    long integer(String rule) {
        int start = at;
        int initial = octet();
        int major = initial >> 5;
        if (major > 1) {
            throw new CborException(start, rule);
        }
        long argument = argument(initial & 31, start);
        if (argument < 0) {
            throw new CborException(start, rule);
        }
        return major == 0 ? argument : ~argument;
    }
}
