package io.fluxrig.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeafFormTest {
    private static final FluxMsg MESSAGE = FluxMsg.builder()
            .id(FluxId.of(1, 2, 3))
            .srcId(5)
            .ts(7)
            .data("2", Value.of("9999100000000009"))
            .build();

    @TempDir
    private Path folder;

    private DataKeys keys() {
        return DataKeys.open(folder.resolve("keys"), folder.resolve("rack.kek"), new SecureRandom());
    }

    private static LeafDraft draft(boolean classified, boolean full) {
        Stored stored = new Stored(MESSAGE, List.of(new Stored.Red("35", 40, 37)), classified);
        LeafDraft.Builder builder = LeafDraft.of(full ? LeafKind.INGRESS : LeafKind.EMIT, 11)
                .id(MESSAGE.id())
                .gear(5, "out");
        return (full ? builder.message(stored) : builder.digestOf(stored))
                .build()
                .numbered(9);
    }

    @Test
    void keepsAnUnclassifiedMessageAsItIs() {
        Leaf leaf = Leaf.parse(LeafForm.encode(draft(false, true), null));
        assertThat(leaf.map().has("enc")).isFalse();
        assertThat(LeafForm.message(leaf, keys())).contains(MESSAGE);
        assertThat(leaf.red()).containsExactly(new Stored.Red("35", 40, 37));
    }

    @Test
    void sealsAClassifiedMessageUnderItsIndexAndTheLeafAroundIt() {
        DataKeys keys = keys();
        byte[] encoded = LeafForm.encode(draft(true, true), keys.fresh());
        Leaf leaf = Leaf.parse(encoded);
        assertThat(leaf.map().has("msg")).isFalse();
        assertThat(new String(encoded, StandardCharsets.ISO_8859_1)).doesNotContain("9999100000000009");
        assertThat(LeafForm.message(leaf, keys)).contains(MESSAGE);
        FluxMap moved = leaf.map().with("n", Value.of(10));
        assertThatThrownBy(() -> LeafForm.message(new Leaf(moved, leaf.bytes()), keys))
                .isInstanceOf(FluxException.class);
    }

    @Test
    void opensAgainAfterARestartAndNotOnceTheKeyIsShredded() throws Exception {
        DataKey key = keys().fresh();
        Leaf leaf = Leaf.parse(LeafForm.encode(draft(true, true), key));
        assertThat(LeafForm.message(leaf, keys())).contains(MESSAGE);
        Files.delete(folder.resolve("keys").resolve(key.k().hex()));
        assertThat(LeafForm.message(leaf, keys())).isEmpty();
    }

    @Test
    void keysTheDigestOfAClassifiedMessage() {
        DataKey key = keys().fresh();
        Leaf plain = Leaf.parse(LeafForm.encode(draft(false, false), null));
        Leaf keyed = Leaf.parse(LeafForm.encode(draft(true, false), key));
        assertThat(plain.digest()).isEqualTo(Bytes.wrap(Hashes.sha256(MESSAGE.encode())));
        assertThat(keyed.digest()).isNotEqualTo(plain.digest());
        assertThat(keyed.digestKey()).isEqualTo(key.k());
    }

    @Test
    void makesAFreshKeyEachTimeAndRefusesAForeignKeyEncryptionKey() {
        assertThat(keys().fresh().k()).isNotEqualTo(keys().fresh().k());
        DataKey key = keys().fresh();
        DataKeys foreign = DataKeys.open(folder.resolve("keys"), folder.resolve("other.kek"), new SecureRandom());
        assertThatThrownBy(() -> foreign.find(key.k()))
                .isInstanceOf(FluxException.class)
                .hasMessageContaining("does not open");
    }
}
