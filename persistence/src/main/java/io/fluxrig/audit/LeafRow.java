package io.fluxrig.audit;

import io.fluxrig.vault.Leaf;
import io.fluxrig.vault.VaultReader;
import java.nio.ByteBuffer;
import java.util.List;

/** One leaf in the index: 48 bytes, big endian: at, id, ref, gear, segment u32, offset u32, kind u8, outcome u8, code u16, zero u32. */
final class LeafRow {
    static final int BYTES = 48;

    private static final List<String> KINDS =
            List.of("", "ingress", "emit", "timer", "egress", "redrive", "done", "failed", "control");
    private static final int OTHER = 255;

    private LeafRow() {}

    static void put(ByteBuffer out, Leaf leaf, long ref, VaultReader.Place place) {
        out.putLong(leaf.at()).putLong(leaf.id()).putLong(ref).putLong(leaf.gear());
        out.putInt((int) place.segment()).putInt((int) place.offset());
        out.put((byte) kind(leaf.kind())).put((byte) outcome(LeafQuery.outcomeOf(leaf)));
        out.putShort((short) LeafQuery.codeOf(leaf)).putInt(0);
    }

    /** A leaf that is not here. */
    static void putGap(ByteBuffer out) {
        out.put(new byte[BYTES]);
    }

    private static int kind(String kind) {
        int index = KINDS.indexOf(kind);
        return index < 0 ? OTHER : index;
    }

    private static int outcome(String outcome) {
        return LeafQuery.OUTCOMES.indexOf(outcome) + 1;
    }

    static long segment(ByteBuffer rows, int at) {
        return Integer.toUnsignedLong(rows.getInt(at + 32));
    }

    static long offset(ByteBuffer rows, int at) {
        return Integer.toUnsignedLong(rows.getInt(at + 36));
    }

    /** A question in the form in which rows are compared, so that a scan makes no objects. */
    record Filter(LeafQuery query, int kind, int outcome) {
        static Filter of(LeafQuery query) {
            return new Filter(query, LeafRow.kind(query.kind()), LeafRow.outcome(query.outcome()));
        }

        boolean matches(ByteBuffer rows, int at) {
            long time = rows.getLong(at);
            return rows.get(at + 40) != 0
                    && (query.id() == 0 || rows.getLong(at + 8) == query.id())
                    && (query.ref() == 0 || rows.getLong(at + 16) == query.ref())
                    && (query.gear() == 0 || rows.getLong(at + 24) == query.gear())
                    && (kind == 0 || Byte.toUnsignedInt(rows.get(at + 40)) == kind)
                    && (outcome == 0 || rows.get(at + 41) == outcome)
                    && (query.code() == 0 || Short.toUnsignedInt(rows.getShort(at + 42)) == query.code())
                    && time >= query.since()
                    && time < query.until();
        }
    }
}
