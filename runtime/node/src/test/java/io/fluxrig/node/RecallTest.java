package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxrig.gear.Recollection;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.vault.DataKeys;
import io.fluxrig.vault.Leaf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What gears are told of their past. */
class RecallTest {
    private static final long SIGNAL = 77;
    private static final long DOOR = 1;
    private static final long SWITCH = 2;
    private static final long STAMP = 3;
    private static final long LINK = 4;

    private final Recall recall = new Recall(DataKeys.unwrapped(List.of()), 0, new Recall.InPorts() {
        @Override
        public boolean remembers(long gear) {
            return gear == SWITCH;
        }

        @Override
        public Optional<String> behind(long fromGear, String fromPort, long toGear) {
            return Optional.of("in");
        }
    });

    private void see(long n, String kind, long gear, long in, String raw) {
        FluxMap.Builder leaf = FluxMap.builder()
                .put("n", n)
                .put("at", 100 + n)
                .put("kind", kind)
                .put("id", SIGNAL)
                .put("gear", gear)
                .put("port", "out");
        if (in >= 0) {
            leaf.put("in", in);
        }
        if (!raw.isEmpty()) {
            FluxMsg msg = FluxMsg.builder()
                    .id(SIGNAL)
                    .ts(1)
                    .srcId(gear)
                    .raw(Bytes.wrap(raw.getBytes(StandardCharsets.US_ASCII)))
                    .build();
            leaf.put("msg", Bytes.wrap(msg.encode()));
        }
        recall.see(Leaf.parse(FluxCbor.encode(leaf.build())));
    }

    private static String text(Optional<FluxMsg> msg) {
        return msg.map(m -> new String(m.raw().toArray(), StandardCharsets.US_ASCII))
                .orElse("");
    }

    @Test
    void whatLeftBehindAnotherGearIsToldToTheOneThatSentItThere() {
        see(0, "ingress", DOOR, -1, "as it came");
        see(1, "emit", SWITCH, 0, "");
        see(2, "emit", STAMP, 1, "");
        see(3, "egress", LINK, 2, "as it left");
        Recollection past = recall.past().getFirst().recollection();
        assertThat(text(past.received())).isEqualTo("as it came");
        assertThat(text(past.emitted())).isEqualTo("as it left");
    }

    @Test
    void whatNeverLeftIsToldWithoutAMessage() {
        see(0, "ingress", DOOR, -1, "as it came");
        see(1, "emit", SWITCH, 0, "");
        see(2, "emit", STAMP, 1, "");
        assertThat(recall.past().getFirst().recollection().emitted()).isEmpty();
    }
}
