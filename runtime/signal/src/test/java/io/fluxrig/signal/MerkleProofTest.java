package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MerkleProofTest {
    private static final int MOST = 70;
    private static final List<byte[]> LEAVES = leaves(MOST);
    private static final HashRange HASHES = HashRange.ofLeafHashes(LEAVES);

    private static List<byte[]> leaves(int count) {
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leaves.add(Hashes.leafHash(new byte[] {(byte) i}));
        }
        return leaves;
    }

    /** RFC 9162 section 2.1.1, word for word. */
    private static byte[] definition(List<byte[]> leaves) {
        if (leaves.isEmpty()) {
            return Hashes.sha256();
        }
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        int k = Integer.highestOneBit(leaves.size() - 1);
        return Hashes.nodeHash(definition(leaves.subList(0, k)), definition(leaves.subList(k, leaves.size())));
    }

    private static byte[] root(int size) {
        return definition(LEAVES.subList(0, size));
    }

    private static void refuses(Runnable verification) {
        assertThatThrownBy(verification::run)
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.PROOF));
    }

    @Test
    void rootsAreThoseOfTheClassicTree() {
        JsonNode tree = Vectors.json("merkle-rfc6962/rfc6962_tree_of_8.json");
        CompactRange range = CompactRange.empty();
        for (int size = 0; size <= 8; size++) {
            assertThat(Vectors.hex(range.root()))
                    .isEqualTo(tree.get("root_by_tree_size_hex").get(size).asText());
            assertThat(range.size()).isEqualTo(size);
            if (size < 8) {
                range = range.append(Hashes.leafHash(
                        Vectors.hex(tree.get("leaf_inputs_hex").get(size).asText())));
            }
        }
    }

    @Test
    void compactRangesGrowOneByOneAndAtOnceAlike() {
        CompactRange oneByOne = CompactRange.empty();
        for (int size = 0; size <= MOST; size++) {
            assertThat(oneByOne.root()).isEqualTo(root(size));
            assertThat(CompactRange.empty().appendAll(LEAVES.subList(0, size)).root())
                    .isEqualTo(root(size));
            CompactRange restored = CompactRange.fromValue(FluxCbor.decode(FluxCbor.encode(oneByOne.toValue())));
            assertThat(restored.size()).isEqualTo(size);
            assertThat(restored.root()).isEqualTo(root(size));
            oneByOne = size < MOST ? oneByOne.append(LEAVES.get(size)) : oneByOne;
        }
    }

    @Test
    void refusesTreeStatesOfAnotherShape() {
        Value hash = Value.of(Bytes.wrap(new byte[32]));
        List<Value> wrong = List.of(
                Value.of(1),
                Value.of(List.of(Value.of(1), Value.of(List.of()))),
                Value.of(List.of(Value.of(1), Value.of(List.of(hash, hash)))),
                Value.of(List.of(Value.of(-1), Value.of(List.of(hash)))),
                Value.of(List.of(Value.of(1), Value.of(List.of(Value.of(Bytes.wrap(new byte[31])))))));
        wrong.forEach(value -> refuses(() -> CompactRange.fromValue(value)));
    }

    @Test
    void everyLeafOfEveryTreeIsProved() {
        for (int size = 1; size <= MOST; size++) {
            for (int index = 0; index < size; index++) {
                List<byte[]> proof = MerkleProof.inclusion(index, size, HASHES);
                MerkleProof.verifyInclusion(index, size, LEAVES.get(index), proof, root(size));
            }
        }
    }

    @Test
    void everyPairOfTreesIsConsistent() {
        for (int size = 1; size <= MOST; size++) {
            for (int old = 1; old <= size; old++) {
                List<byte[]> proof = MerkleProof.consistency(old, size, HASHES);
                MerkleProof.verifyConsistency(old, size, root(old), root(size), proof);
            }
        }
    }

    @Test
    void everyDamagedProofIsRefused() {
        int index = 11;
        int size = 23;
        List<byte[]> inclusion = MerkleProof.inclusion(index, size, HASHES);
        damaged(inclusion, proof -> MerkleProof.verifyInclusion(index, size, LEAVES.get(index), proof, root(size)));
        List<byte[]> consistency = MerkleProof.consistency(11, 23, HASHES);
        damaged(consistency, proof -> MerkleProof.verifyConsistency(11, 23, root(11), root(23), proof));
    }

    private static void damaged(List<byte[]> proof, Consumer<List<byte[]>> verification) {
        verification.accept(proof);
        for (int i = 0; i < proof.size(); i++) {
            List<byte[]> changed = new ArrayList<>(proof);
            byte[] flipped = changed.get(i).clone();
            flipped[i] ^= 1;
            changed.set(i, flipped);
            refuses(() -> verification.accept(changed));
            List<byte[]> shorter = new ArrayList<>(proof);
            shorter.remove(i);
            refuses(() -> verification.accept(shorter));
            List<byte[]> longer = new ArrayList<>(proof);
            longer.add(i, new byte[32]);
            refuses(() -> verification.accept(longer));
            List<byte[]> cut = new ArrayList<>(proof);
            cut.set(i, Arrays.copyOf(proof.get(i), 31));
            refuses(() -> verification.accept(cut));
        }
    }

    @Test
    void inclusionVectorsGetTheirVerdicts() throws Exception {
        int run = 0;
        try (var files = Files.walk(Vectors.path("merkle-rfc6962/testdata/inclusion"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                JsonNode test = Vectors.json(file);
                verdict(
                        test,
                        file,
                        () -> MerkleProof.verifyInclusion(
                                test.get("leafIdx").asLong(),
                                test.get("treeSize").asLong(),
                                bytes(test.get("leafHash")),
                                hashes(test.get("proof")),
                                bytes(test.get("root"))));
                run++;
            }
        }
        assertThat(run).isGreaterThan(50);
    }

    @Test
    void consistencyVectorsGetTheirVerdicts() throws Exception {
        int run = 0;
        try (var files = Files.walk(Vectors.path("merkle-rfc6962/testdata/consistency"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                JsonNode test = Vectors.json(file);
                verdict(
                        test,
                        file,
                        () -> MerkleProof.verifyConsistency(
                                test.get("size1").asLong(),
                                test.get("size2").asLong(),
                                bytes(test.get("root1")),
                                bytes(test.get("root2")),
                                hashes(test.get("proof"))));
                run++;
            }
        }
        assertThat(run).isGreaterThan(50);
    }

    private static void verdict(JsonNode test, Path file, Runnable verification) {
        boolean refused = false;
        try {
            verification.run();
        } catch (FluxException e) {
            refused = true;
        }
        // One vector compares "roots" that are no hashes; here a root has 32 bytes.
        boolean noHashes = file.endsWith("sizes-are-equal-one-and-proof-is-empty.json");
        assertThat(refused)
                .as("%s: %s", file.getFileName(), test.get("desc"))
                .isEqualTo(test.get("wantErr").asBoolean() || noHashes);
    }

    private static byte[] bytes(JsonNode node) {
        return node == null || node.isNull() ? new byte[0] : Base64.getDecoder().decode(node.asText());
    }

    private static List<byte[]> hashes(JsonNode node) {
        List<byte[]> hashes = new ArrayList<>();
        if (node != null && !node.isNull()) {
            node.forEach(hash -> hashes.add(bytes(hash)));
        }
        return hashes;
    }

    @Test
    void everyRangeOfEveryTreeLeadsToItsRoot() {
        for (int size = 0; size <= 34; size++) {
            for (int from = 0; from <= size; from++) {
                for (int to = from; to <= size; to++) {
                    RangeProof proof = RangeProof.of(from, to, size, HASHES);
                    assertThat(proof.root(from, to, size, LEAVES.subList(from, to)))
                            .isEqualTo(root(size));
                }
            }
        }
    }

    @Test
    void aRangeProofHoldsTheMaximalPerfectSubtrees() {
        RangeProof proof = RangeProof.of(13, 17, 23, HASHES);
        // [0,8) [8,12) [12,13) and [17,18) [18,20) [20,22) [22,23)
        assertThat(proof.left()).containsExactly(hash(3, 0), hash(2, 2), hash(0, 12));
        assertThat(proof.right()).containsExactly(hash(0, 17), hash(1, 9), hash(1, 10), hash(0, 22));
    }

    private static Bytes hash(int level, long index) {
        return Bytes.wrap(HASHES.subtree(level, index));
    }

    @Test
    void refusesARangeWithOtherCountsOrAnotherLeaf() {
        RangeProof proof = RangeProof.of(13, 17, 23, HASHES);
        refuses(() -> proof.root(13, 17, 23, LEAVES.subList(13, 16)));
        refuses(() -> proof.root(13, 17, 23, LEAVES.subList(13, 18)));
        refuses(() -> proof.root(13, 17, 24, LEAVES.subList(13, 17)));
        refuses(() -> proof.root(12, 16, 23, LEAVES.subList(13, 17)));
        refuses(() -> proof.root(17, 13, 23, List.of()));
        refuses(() -> new RangeProof(List.of(Bytes.wrap(new byte[31])), List.of()));
        assertThat(proof.root(13, 17, 23, LEAVES.subList(14, 18))).isNotEqualTo(root(23));
    }

    @Test
    void randomLargeTreesHoldTogether() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            leaves.add(Hashes.leafHash(new byte[] {(byte) i, (byte) (i >> 8)}));
        }
        HashRange hashes = HashRange.ofLeafHashes(leaves);
        for (int round = 0; round < 40; round++) {
            int size = random.nextInt(1, 3_000);
            int old = random.nextInt(1, size + 1);
            int from = random.nextInt(size);
            int to = random.nextInt(from, size + 1);
            byte[] root =
                    CompactRange.empty().appendAll(leaves.subList(0, size)).root();
            byte[] oldRoot =
                    CompactRange.empty().appendAll(leaves.subList(0, old)).root();
            assertThat(hashes.root(0, size)).as("seed %d", seed).isEqualTo(root);
            MerkleProof.verifyInclusion(from, size, leaves.get(from), MerkleProof.inclusion(from, size, hashes), root);
            MerkleProof.verifyConsistency(old, size, oldRoot, root, MerkleProof.consistency(old, size, hashes));
            assertThat(RangeProof.of(from, to, size, hashes).root(from, to, size, leaves.subList(from, to)))
                    .as("seed %d", seed)
                    .isEqualTo(root);
        }
    }
}
