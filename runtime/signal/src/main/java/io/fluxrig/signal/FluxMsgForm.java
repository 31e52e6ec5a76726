package io.fluxrig.signal;

import java.util.List;

/** The envelope of FORMATS section 2 as bytes. Keys are in the order of their encodings: shorter first, then bytewise. */
final class FluxMsgForm {
    static final Key ID = Key.of("id");
    static final Key TS = Key.of("ts");
    static final Key RAW = Key.of("raw");
    static final Key DATA = Key.of("data");
    static final Key META = Key.of("meta");
    static final Key PATH = Key.of("path");
    static final Key FLAGS = Key.of("flags");
    static final Key TRACE = Key.of("trace");
    static final Key REF_ID = Key.of("ref_id");
    static final Key SRC_ID = Key.of("src_id");

    /** A hop begins with the head of a map of three and the key g. */
    static final int HOP_HEAD = 0xa3;

    static final Key GEAR = Key.of("g");
    static final Key PORT = Key.of("p");
    static final Key TIME = Key.of("t");

    static final int TRACE_LENGTH = 32;

    private FluxMsgForm() {}

    static byte[] encode(FluxMsg msg) {
        int size = size(msg);
        if (size > FluxCbor.MAX_MESSAGE) {
            throw new FluxException(SignalError.LIMIT, "the message has " + size + " bytes, more than 1 MiB");
        }
        byte[] out = new byte[size];
        int end = write(msg, out);
        if (end != size) {
            throw new IllegalStateException("size and encoding disagree");
        }
        return out;
    }

    private static int write(FluxMsg msg, byte[] out) {
        int at = CborWriter.head(5, count(msg), out, 0);
        at = CborWriter.head(0, msg.id(), out, ID.write(out, at));
        at = CborWriter.integer(msg.ts(), out, TS.write(out, at));
        if (!msg.raw().isEmpty()) {
            at = CborWriter.bytes(msg.raw(), out, RAW.write(out, at));
        }
        if (!msg.data().isEmpty()) {
            at = CborWriter.map(msg.data(), out, DATA.write(out, at));
        }
        if (!msg.metaInOrder().isEmpty()) {
            at = meta(msg.metaInOrder(), out, META.write(out, at));
        }
        if (!msg.path().isEmpty()) {
            at = path(msg.path(), out, PATH.write(out, at));
        }
        if (msg.flags() != 0) {
            at = CborWriter.head(0, msg.flags(), out, FLAGS.write(out, at));
        }
        if (!msg.trace().isEmpty()) {
            at = CborWriter.head(3, TRACE_LENGTH, out, TRACE.write(out, at));
            at = Utf8.write(msg.trace(), TRACE_LENGTH, out, at);
        }
        if (msg.refId() != 0) {
            at = CborWriter.head(0, msg.refId(), out, REF_ID.write(out, at));
        }
        return CborWriter.head(0, msg.srcId(), out, SRC_ID.write(out, at));
    }

    private static int count(FluxMsg msg) {
        int count = 3;
        count += msg.raw().isEmpty() ? 0 : 1;
        count += msg.data().isEmpty() ? 0 : 1;
        count += msg.metaInOrder().isEmpty() ? 0 : 1;
        count += msg.path().isEmpty() ? 0 : 1;
        count += msg.flags() == 0 ? 0 : 1;
        count += msg.trace().isEmpty() ? 0 : 1;
        return count + (msg.refId() == 0 ? 0 : 1);
    }

    private static int size(FluxMsg msg) {
        int size = 1 + ID.encodedSize() + TS.encodedSize() + SRC_ID.encodedSize();
        size += CborSize.head(msg.id()) + CborSize.integer(msg.ts()) + CborSize.head(msg.srcId());
        if (!msg.raw().isEmpty()) {
            size += RAW.encodedSize() + CborSize.bytes(msg.raw());
        }
        if (!msg.data().isEmpty()) {
            size += DATA.encodedSize() + CborSize.of(msg.data(), 1);
        }
        TextMap meta = msg.metaInOrder();
        if (!meta.isEmpty()) {
            size += META.encodedSize() + CborSize.head(meta.size());
            for (int i = 0; i < meta.size(); i++) {
                size += meta.key(i).encodedSize() + CborSize.text(meta.value(i));
            }
        }
        List<FluxMsg.Hop> path = msg.path();
        if (!path.isEmpty()) {
            size += PATH.encodedSize() + CborSize.head(path.size());
            for (int i = 0; i < path.size(); i++) {
                FluxMsg.Hop hop = path.get(i);
                size += 7 + CborSize.head(hop.gear()) + Key.of(hop.port()).encodedSize() + CborSize.integer(hop.t());
            }
        }
        size += msg.flags() == 0 ? 0 : FLAGS.encodedSize() + CborSize.head(msg.flags());
        size += msg.trace().isEmpty() ? 0 : TRACE.encodedSize() + 2 + TRACE_LENGTH;
        size += msg.refId() == 0 ? 0 : REF_ID.encodedSize() + CborSize.head(msg.refId());
        // Parts of more than 2 GiB wrap around; parts are bounded far below that one by one.
        return size < 0 ? Integer.MAX_VALUE : size;
    }

    private static int meta(TextMap meta, byte[] out, int at) {
        int next = CborWriter.head(5, meta.size(), out, at);
        for (int i = 0; i < meta.size(); i++) {
            next = CborWriter.text(meta.value(i), out, meta.key(i).write(out, next));
        }
        return next;
    }

    private static int path(List<FluxMsg.Hop> path, byte[] out, int at) {
        int next = CborWriter.head(4, path.size(), out, at);
        for (int i = 0; i < path.size(); i++) {
            FluxMsg.Hop hop = path.get(i);
            out[next] = (byte) HOP_HEAD;
            next = CborWriter.head(0, hop.gear(), out, GEAR.write(out, next + 1));
            next = Key.of(hop.port()).write(out, PORT.write(out, next));
            next = CborWriter.integer(hop.t(), out, TIME.write(out, next));
        }
        return next;
    }
}
