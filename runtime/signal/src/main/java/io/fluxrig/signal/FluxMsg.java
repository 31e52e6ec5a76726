package io.fluxrig.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A signal's message (FORMATS section 2). Immutable; a changed copy shares everything that did not change. Its {@code toString} shows ids and
 * sizes, never content.
 */
public final class FluxMsg {
    /** Bits of {@link #flags()}. */
    public static final long SYNC_PROBE = 1;

    public static final long REPLAY = 2;
    public static final long REDELIVERED = 4;
    public static final int MAX_HOPS = 64;

    private static final long KNOWN_FLAGS = SYNC_PROBE | REPLAY | REDELIVERED;

    private final long id;
    private final long refId;
    private final String trace;
    private final long srcId;
    private final TextMap meta;
    private final FluxMap data;
    private final long flags;
    private final Bytes raw;
    private final List<Hop> path;
    private final long ts;

    private FluxMsg(Builder b) {
        id = b.id;
        refId = b.refId;
        trace = b.trace;
        srcId = b.srcId;
        meta = b.meta;
        data = b.data;
        flags = b.flags;
        raw = b.raw;
        path = b.path;
        ts = b.ts;
        check();
    }

    /**
     * One emission on the way.
     *
     * @param gear the emitting gear's entity id
     * @param port its port
     * @param t unix nanoseconds
     */
    public record Hop(long gear, String port, long t) {
        public Hop {
            Utf8.requireWellFormed(port);
        }
    }

    private void check() {
        if (id <= 0 || FluxId.machine(id) == 0) {
            throw new FluxException(SignalError.ENVELOPE, "id is not a fluxID");
        }
        if (refId < 0 || refId != 0 && FluxId.machine(refId) == 0) {
            throw new FluxException(SignalError.ENVELOPE, "ref_id is not a fluxID");
        }
        if (!trace.isEmpty() && !isTraceId(trace)) {
            throw new FluxException(SignalError.ENVELOPE, "trace is not 32 lower-case hex digits, or all zero");
        }
        if ((flags & ~KNOWN_FLAGS) != 0) {
            throw new FluxException(SignalError.ENVELOPE, "unknown flags are set");
        }
        if (path.size() > MAX_HOPS) {
            throw new FluxException(SignalError.LIMIT, "more than " + MAX_HOPS + " hops");
        }
    }

    private static boolean isTraceId(String trace) {
        boolean zero = true;
        for (int i = 0; i < trace.length(); i++) {
            char c = trace.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
            zero &= c == '0';
        }
        return trace.length() == 32 && !zero;
    }

    /** fluxID of this signal. */
    public long id() {
        return id;
    }

    /** fluxID of the signal that this one answers or derives from; 0 for none. */
    public long refId() {
        return refId;
    }

    /** W3C trace-id; empty for none. */
    public String trace() {
        return trace;
    }

    /** Entity id of the gear whose outcome this message is. */
    public long srcId() {
        return srcId;
    }

    /** Unmodifiable. */
    public Map<String, String> meta() {
        return meta;
    }

    /** The same in the order of its encoding. */
    TextMap metaInOrder() {
        return meta;
    }

    public FluxMap data() {
        return data;
    }

    public long flags() {
        return flags;
    }

    public Bytes raw() {
        return raw;
    }

    public List<Hop> path() {
        return path;
    }

    /** Creation, unix nanoseconds. */
    public long ts() {
        return ts;
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    /** The same with one more hop. */
    public FluxMsg withHop(long gear, String port, long t) {
        List<Hop> longer = new ArrayList<>(path.size() + 1);
        longer.addAll(path);
        longer.add(new Hop(gear, port, t));
        return toBuilder().path(longer).build();
    }

    /** @throws FluxException LIMIT beyond 1 MiB */
    public byte[] encode() {
        return FluxMsgForm.encode(this);
    }

    /** @throws CborException where the bytes are not fluxCBOR; FluxException ENVELOPE where they are not a fluxMsg */
    public static FluxMsg decode(byte[] bytes) {
        return FluxMsgReader.read(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FluxMsg that
                && id == that.id
                && refId == that.refId
                && trace.equals(that.trace)
                && srcId == that.srcId
                && meta.equals(that.meta)
                && data.equals(that.data)
                && flags == that.flags
                && raw.equals(that.raw)
                && path.equals(that.path)
                && ts == that.ts;
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, refId, srcId, ts, raw);
    }

    @Override
    public String toString() {
        return "FluxMsg[" + FluxId.text(id) + " meta=" + meta.size() + " data=" + data.size() + " raw=" + raw.length()
                + " hops=" + path.size() + "]";
    }

    /** Collects a message; {@link #build} refuses what FORMATS section 2 refuses. */
    public static final class Builder {
        private long id;
        private long refId;
        private String trace = "";
        private long srcId;
        private TextMap meta = TextMap.EMPTY;
        private FluxMap data = FluxMap.EMPTY;
        private long flags;
        private Bytes raw = Bytes.EMPTY;
        private List<Hop> path = List.of();
        private long ts;

        private Builder() {}

        private Builder(FluxMsg from) {
            id = from.id;
            refId = from.refId;
            trace = from.trace;
            srcId = from.srcId;
            meta = from.meta;
            data = from.data;
            flags = from.flags;
            raw = from.raw;
            path = from.path;
            ts = from.ts;
        }

        public Builder id(long id) {
            this.id = id;
            return this;
        }

        public Builder refId(long refId) {
            this.refId = refId;
            return this;
        }

        public Builder trace(String trace) {
            this.trace = Objects.requireNonNull(trace);
            return this;
        }

        public Builder srcId(long srcId) {
            this.srcId = srcId;
            return this;
        }

        public Builder meta(String key, String value) {
            meta = meta.with(key, value);
            return this;
        }

        /** Replaces all of it. */
        public Builder meta(Map<String, String> meta) {
            this.meta = TextMap.of(meta);
            return this;
        }

        public Builder removeMeta(String key) {
            meta = meta.without(key);
            return this;
        }

        public Builder data(FluxMap data) {
            this.data = Objects.requireNonNull(data);
            return this;
        }

        public Builder data(String key, Value value) {
            data = data.with(key, value);
            return this;
        }

        public Builder flags(long flags) {
            this.flags = flags;
            return this;
        }

        public Builder raw(Bytes raw) {
            this.raw = Objects.requireNonNull(raw);
            return this;
        }

        public Builder path(List<Hop> path) {
            this.path = List.copyOf(path);
            return this;
        }

        public Builder ts(long ts) {
            this.ts = ts;
            return this;
        }

        public FluxMsg build() {
            return new FluxMsg(this);
        }
    }
}
