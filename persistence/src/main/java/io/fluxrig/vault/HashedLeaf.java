package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.CborSkim;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Hashes;
import io.fluxrig.signal.Value;
import java.util.Arrays;
import java.util.List;

/**
 * What a verifier needs of a leaf. Its bytes were checked as strictly as decoding does, and are gone.
 *
 * @param kind may be one that this version does not know
 * @param id 0 where there is none
 * @param scn empty where there is none, as {@code spec}
 * @param sealedWith name of the data key that seals the message; empty where none does
 * @param note of a control leaf; empty on others
 * @param hash in the tree
 */
public record HashedLeaf(
        long n, String kind, long id, Bytes scn, Bytes spec, Bytes sealedWith, FluxMap note, byte[] hash) {

    public boolean is(LeafKind which) {
        return kind.equals(which.text());
    }

    /** Reads the leaves of one group after another; remembers what most leaves have in common. For one thread. */
    static final class Reader {
        private static final List<String> KEYS = List.of("n", "at", "id", "enc", "scn", "kind", "note", "spec");
        private static final int N = 0;
        private static final int AT = 1;
        private static final int ID = 2;
        private static final int ENC = 3;
        private static final int SCN = 4;
        private static final int KIND = 5;
        private static final int NOTE = 6;
        private static final int SPEC = 7;
        private static final LeafKind[] KINDS = LeafKind.values();
        private static final byte[][] ENCODED_KINDS = Arrays.stream(KINDS)
                .map(kind -> FluxCbor.encode(Value.of(kind.text())))
                .toArray(byte[][]::new);

        private final byte[] group;
        private final CborSkim skim;
        private Last scn = Last.NONE;
        private Last spec = Last.NONE;
        private int end;

        private record Last(Bytes value, byte[] encoded) {
            static final Last NONE = new Last(Bytes.EMPTY, new byte[] {(byte) 0xff});
        }

        Reader(byte[] group) {
            this.group = group;
            this.skim = new CborSkim(group, KEYS);
        }

        /**
         * The leaf at {@code from}; where it ends, {@link #end} tells.
         *
         * @throws FluxException LEAF, or what is wrong with its encoding
         */
        HashedLeaf at(int from) {
            end = skim.map(from, FluxCbor.MAX_LEAF);
            if (!(skim.value(N) instanceof Value.Int n) || n.value() < 0 || !(skim.value(AT) instanceof Value.Int)) {
                throw new FluxException(VaultError.LEAF, "n, at and kind are required");
            }
            scn = again(SCN, scn);
            spec = again(SPEC, spec);
            String kind = kind();
            return new HashedLeaf(
                    n.value(),
                    kind,
                    skim.value(ID) instanceof Value.Int id ? id.value() : 0,
                    scn.value(),
                    spec.value(),
                    sealedWith(),
                    kind.equals(LeafKind.CONTROL.text()) && skim.value(NOTE) instanceof FluxMap note
                            ? note
                            : FluxMap.EMPTY,
                    Hashes.leafHash(group, from, end - from));
        }

        int end() {
            return end;
        }

        private String kind() {
            for (int i = 0; i < KINDS.length; i++) {
                if (skim.is(KIND, ENCODED_KINDS[i])) {
                    return KINDS[i].text();
                }
            }
            if (skim.value(KIND) instanceof Value.Text other) {
                return other.value();
            }
            throw new FluxException(VaultError.LEAF, "n, at and kind are required");
        }

        private Last again(int key, Last before) {
            if (skim.is(key, before.encoded())) {
                return before;
            }
            return skim.value(key) instanceof Value.Bin bin ? new Last(bin.value(), FluxCbor.encode(bin)) : Last.NONE;
        }

        private Bytes sealedWith() {
            return skim.has(ENC) && skim.value(ENC) instanceof FluxMap enc && enc.get("k") instanceof Value.Bin k
                    ? k.value()
                    : Bytes.EMPTY;
        }
    }
}
