package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.OpenSignal;
import io.fluxrig.vault.VaultReader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits on wires after a restart, as far as the vault tells. */
class WireBacklogTest {
    @Test
    void whatIsOutOfReachIsNotTakenForSomethingThatDoesNotWait() {
        VaultReader nothingHere = VaultReader.over(leaves -> new VaultReader.Scan(0, List.of()));
        OpenSignal waits = new OpenSignal(77, 5, 1, "out", Bytes.EMPTY, 7);
        assertThatThrownBy(() -> WireBacklog.read(nothingHere, List.of(waits), 100))
                .isInstanceOf(FluxException.class)
                .hasMessageContaining("leaves 5 to 7");
    }
}
