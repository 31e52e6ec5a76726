package io.fluxrig.signal;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads an envelope in one pass, straight into its fields. It knows one way only; for everything else {@link FluxMsgRefusal} says, slowly and
 * exactly, what is wrong.
 */
final class FluxMsgReader {
    /** Thrown, without a stack trace, where the one way ends. */
    private static final class Unexpected extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unexpected() {
            super(null, null, false, false);
        }
    }

    private static final Unexpected UNEXPECTED = new Unexpected();

    private final CborReader in;
    private int left;

    private FluxMsgReader(CborReader in) {
        this.in = in;
    }

    static FluxMsg read(byte[] bytes) {
        if (bytes.length <= FluxCbor.MAX_MESSAGE) {
            try {
                CborReader in = new CborReader(bytes, 0, bytes.length);
                FluxMsg msg = new FluxMsgReader(in).message();
                if (in.atEnd()) {
                    return msg;
                }
            } catch (Unexpected | FluxException refused) {
                // told below, from the start
            }
        }
        return FluxMsgRefusal.read(bytes);
    }

    private FluxMsg message() {
        left = in.smallCount(5);
        FluxMsg.Builder msg = FluxMsg.builder();
        require(field(FluxMsgForm.ID));
        msg.id(in.positive());
        require(field(FluxMsgForm.TS));
        msg.ts(in.signed());
        if (field(FluxMsgForm.RAW)) {
            Bytes raw = in.byteString();
            require(!raw.isEmpty());
            msg.raw(raw);
        }
        if (field(FluxMsgForm.DATA)) {
            require(in.value(1) instanceof FluxMap data && !data.isEmpty() && msg.data(data) != null);
        }
        if (field(FluxMsgForm.META)) {
            TextMap meta = in.textMap();
            require(meta != null && !meta.isEmpty());
            msg.meta(meta);
        }
        if (field(FluxMsgForm.PATH)) {
            msg.path(path());
        }
        if (field(FluxMsgForm.FLAGS)) {
            msg.flags(in.positive());
        }
        if (field(FluxMsgForm.TRACE)) {
            require(in.value(1) instanceof Value.Text trace
                    && trace.utf8Length() > 0
                    && msg.trace(trace.value()) != null);
        }
        if (field(FluxMsgForm.REF_ID)) {
            msg.refId(in.positive());
        }
        require(field(FluxMsgForm.SRC_ID) && left == 0);
        msg.srcId(in.unsigned());
        return msg.build();
    }

    private List<FluxMsg.Hop> path() {
        require(in.peekMajor() == 4);
        int count = in.count();
        require(count >= 1 && count <= FluxMsg.MAX_HOPS);
        List<FluxMsg.Hop> hops = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            require(in.skip(FluxMsgForm.HOP_HEAD) && in.skip(FluxMsgForm.GEAR));
            long gear = in.unsigned();
            require(in.skip(FluxMsgForm.PORT));
            String port = in.key().text();
            require(in.skip(FluxMsgForm.TIME));
            hops.add(new FluxMsg.Hop(gear, port, in.signed()));
        }
        return hops;
    }

    private boolean field(Key key) {
        if (!in.skip(key)) {
            return false;
        }
        left--;
        return true;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw UNEXPECTED;
        }
    }
}
