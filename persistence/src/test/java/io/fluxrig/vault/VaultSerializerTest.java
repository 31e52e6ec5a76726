package io.fluxrig.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import java.io.NotSerializableException;
import java.util.List;
import org.junit.jupiter.api.Test;

class VaultSerializerTest {
    private final VaultSerializer serializer = new VaultSerializer();

    private static FluxMsg message() {
        return FluxMsg.builder()
                .id(FluxId.of(1, 2, 3))
                .srcId(0x0500010000000001L)
                .ts(1_800_000_000_000_000_000L)
                .data("amount", Value.of("000000001000"))
                .build();
    }

    @Test
    void carriesAMessageInFluxCborAndNothingElse() throws Exception {
        FluxMsg message = message();
        byte[] bytes = serializer.toBinary(message);
        assertThat(bytes).isEqualTo(message.encode());
        assertThat(serializer.manifest(message)).isEqualTo("msg/1");
        assertThat(serializer.fromBinary(bytes, "msg/1")).isEqualTo(message);
    }

    @Test
    void carriesAGroupAsTheSequenceOfItsLeaves() throws Exception {
        byte[] leaf = LeafForm.encode(
                LeafDraft.of(LeafKind.CONTROL, 1)
                        .note(FluxMap.EMPTY.with("event", "started"))
                        .build()
                        .numbered(0),
                null);
        LeafGroup group = new LeafGroup(List.of(leaf, leaf));
        byte[] bytes = serializer.toBinary(group);
        assertThat(bytes).hasSize(2 * leaf.length);
        assertThat(((LeafGroup) serializer.fromBinary(bytes, serializer.manifest(group))).leaves())
                .containsExactly(leaf, leaf);
    }

    @Test
    void refusesAManifestThatItDoesNotKnow() {
        assertThatThrownBy(() -> serializer.fromBinary(new byte[] {(byte) 0xa0}, "msg/2"))
                .isInstanceOf(NotSerializableException.class)
                .hasMessageContaining("msg/2");
    }

    @Test
    void refusesBytesThatAreNotWhatTheManifestSays() {
        assertThatThrownBy(() -> serializer.fromBinary(new byte[] {(byte) 0xa0}, "msg/1"))
                .isInstanceOf(FluxException.class);
    }

    @Test
    void refusesWhatIsNotOurs() {
        assertThatThrownBy(() -> serializer.manifest("text")).isInstanceOf(IllegalArgumentException.class);
    }
}
