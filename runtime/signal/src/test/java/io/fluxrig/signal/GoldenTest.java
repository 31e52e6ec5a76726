package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Bytes that must never change. {@code -Dfluxrig.golden.write=true} writes them anew; a difference in a commit is then a change of format, which needs a
 * new version tag.
 */
class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/golden");

    private static Map<String, byte[]> all() {
        Map<String, byte[]> all = new TreeMap<>();
        Samples.all().forEach((name, msg) -> all.put("fluxmsg-" + name + ".cbor", msg.encode()));
        byte[] payload = FluxCbor.encode(FluxMap.builder()
                .put("type", "fluxrig/example/1")
                .put("serial", 1)
                .build());
        byte[] one = SignedArtifact.sign("application/vnd.fluxrig.example+cbor", payload, Keys.FIRST);
        all.put("artifact-one-signature.cose", one);
        all.put(
                "artifact-two-signatures.cose",
                SignedArtifact.addSignature(one, "application/vnd.fluxrig.example+cbor", Keys.SECOND));
        CompactRange tree = CompactRange.empty().appendAll(List.of(Hashes.leafHash(payload), Hashes.leafHash(one)));
        all.put(
                "checkpoint",
                new Checkpoint("example/vault/rack-0001-0000000001/1", 2, Bytes.wrap(tree.root())).sign(Keys.FIRST));
        all.put("tree-state.cbor", FluxCbor.encode(tree.toValue()));
        all.put("public-key.pem", Keys.FIRST.publicKey().pem().getBytes(StandardCharsets.US_ASCII));
        return all;
    }

    @BeforeAll
    static void writesWhenAsked() throws IOException {
        if (Boolean.getBoolean("fluxrig.golden.write")) {
            Files.createDirectories(GOLDEN);
            for (Map.Entry<String, byte[]> file : all().entrySet()) {
                Files.write(GOLDEN.resolve(file.getKey()), file.getValue());
            }
        }
    }

    @Test
    void bytesAreWhatTheyAlwaysWere() throws IOException {
        for (Map.Entry<String, byte[]> file : all().entrySet()) {
            assertThat(file.getValue()).as(file.getKey()).isEqualTo(Files.readAllBytes(GOLDEN.resolve(file.getKey())));
        }
        try (var files = Files.list(GOLDEN)) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrderElementsOf(all().keySet());
        }
    }

    @Test
    void goldenFilesAreStillRead() throws IOException {
        for (Map.Entry<String, FluxMsg> sample : Samples.all().entrySet()) {
            byte[] bytes = Files.readAllBytes(GOLDEN.resolve("fluxmsg-" + sample.getKey() + ".cbor"));
            assertThat(FluxMsg.decode(bytes)).isEqualTo(sample.getValue());
        }
        byte[] artifact = Files.readAllBytes(GOLDEN.resolve("artifact-two-signatures.cose"));
        List<VerifyKey> trusted = List.of(Keys.FIRST.publicKey(), Keys.SECOND.publicKey());
        assertThat(SignedArtifact.verify(artifact, "application/vnd.fluxrig.example+cbor", trusted, 2)
                        .signers())
                .hasSize(2);
        Checkpoint checkpoint = Checkpoint.verify(
                Files.readAllBytes(GOLDEN.resolve("checkpoint")),
                "example/vault/rack-0001-0000000001/1",
                Keys.FIRST.publicKey());
        CompactRange tree =
                CompactRange.fromValue(FluxCbor.decode(Files.readAllBytes(GOLDEN.resolve("tree-state.cbor"))));
        assertThat(checkpoint.size()).isEqualTo(tree.size());
        assertThat(checkpoint.root().toArray()).isEqualTo(tree.root());
    }
}
