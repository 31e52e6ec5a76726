package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What probes ask. */
class NodeStatusTest {
    private static NodeStatus status(NodeStatus.Phase phase, String why) {
        return new NodeStatus(phase, why, "", Optional.empty(), Optional.empty(), Map.of("alpha", false), 0, 0);
    }

    @Test
    void aStartIsNotOverWhileTheLogIsRead() {
        assertThat(status(NodeStatus.Phase.STARTING, "").started()).isFalse();
        assertThat(status(NodeStatus.Phase.RECOVERING, "reading the log: 34 % of what is due")
                        .started())
                .isFalse();
    }

    @Test
    void whoWaitsForAnOperatorIsStartedAndNotReady() {
        NodeStatus waits = status(NodeStatus.Phase.STARTING, "not enrolled: waits for 'fluxrig racks approve rack-c'");
        assertThat(waits.started()).isTrue();
        assertThat(waits.ready()).isFalse();
        NodeStatus held = status(NodeStatus.Phase.HELD, "FLX-5001");
        assertThat(held.started()).isTrue();
        assertThat(held.ready()).isFalse();
    }

    @Test
    void aLinkThatIsDownIsToldAndTakesNoTrafficAway() {
        assertThat(status(NodeStatus.Phase.RUNNING, "").ready()).isTrue();
    }
}
