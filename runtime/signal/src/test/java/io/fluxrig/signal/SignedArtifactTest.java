package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignedArtifactTest {
    private static final String TYPE = "application/vnd.fluxrig.scenario+cbor";
    private static final byte[] PAYLOAD = FluxCbor.encode(
            FluxMap.builder().put("name", "switch").put("serial", 7).build());
    private static final VerifyKey FIRST = Keys.FIRST.publicKey();
    private static final VerifyKey SECOND = Keys.SECOND.publicKey();

    private static void refuses(byte[] file, SignalError error) {
        assertThatThrownBy(() -> SignedArtifact.verify(file, TYPE, List.of(FIRST), 1))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(error));
    }

    @Test
    void verifiesWhatItSigned() {
        byte[] file = SignedArtifact.sign(TYPE, PAYLOAD, Keys.FIRST);
        SignedArtifact.Verified verified = SignedArtifact.verify(file, TYPE, List.of(FIRST), 1);
        assertThat(verified.payload().toArray()).isEqualTo(PAYLOAD);
        assertThat(verified.identity().toArray()).isEqualTo(Hashes.sha256(PAYLOAD));
        assertThat(verified.signers()).containsExactly(FIRST.kid());
        assertThat(SignedArtifact.sign(TYPE, PAYLOAD, Keys.FIRST)).isEqualTo(file);
    }

    @Test
    void theBytesAreThoseOfTheFormat() {
        byte[] file = SignedArtifact.sign(TYPE, PAYLOAD, Keys.FIRST);
        String type = Vectors.hex(TYPE.getBytes(StandardCharsets.US_ASCII));
        String header = "a30132037825" + type + "045820" + FIRST.kid().hex();
        assertThat(TYPE).hasSize(0x25);
        String length = String.format("%02x", header.length() / 2);
        String payload = Vectors.hex(PAYLOAD);
        assertThat(PAYLOAD).hasSize(0x15);
        assertThat(Vectors.hex(file)).startsWith("d284" + "58" + length + header + "a0" + "55" + payload + "5840");
        String toBeSigned = "846a5369676e617475726531" + "58" + length + header + "5825" + type + "55" + payload;
        byte[] signature = Arrays.copyOfRange(file, file.length - 64, file.length);
        byte[] message = Vectors.hex(toBeSigned);
        assertThat(FIRST.verify(message, signature)).isTrue();
    }

    @Test
    void aSecondSignatureKeepsTheIdentity() {
        byte[] one = SignedArtifact.sign(TYPE, PAYLOAD, Keys.FIRST);
        byte[] two = SignedArtifact.addSignature(one, TYPE, Keys.SECOND);
        byte[] otherWay =
                SignedArtifact.addSignature(SignedArtifact.sign(TYPE, PAYLOAD, Keys.SECOND), TYPE, Keys.FIRST);
        assertThat(two).isEqualTo(otherWay);
        SignedArtifact.Verified verified = SignedArtifact.verify(two, TYPE, List.of(FIRST, SECOND), 2);
        assertThat(verified.signers()).containsExactlyInAnyOrder(FIRST.kid(), SECOND.kid());
        assertThat(verified.identity())
                .isEqualTo(SignedArtifact.parse(one, TYPE).identity());
        assertThatThrownBy(() -> SignedArtifact.addSignature(two, TYPE, Keys.FIRST))
                .isInstanceOf(FluxException.class);
    }

    @Test
    void countsPinnedKeysOnly() {
        byte[] two = SignedArtifact.addSignature(SignedArtifact.sign(TYPE, PAYLOAD, Keys.FIRST), TYPE, Keys.SECOND);
        assertThat(SignedArtifact.verify(two, TYPE, List.of(FIRST), 1).signers())
                .containsExactly(FIRST.kid());
        for (int threshold : new int[] {0, -1, 2}) {
            assertThatThrownBy(() -> SignedArtifact.verify(two, TYPE, List.of(FIRST, FIRST), threshold))
                    .isInstanceOfSatisfying(
                            FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.UNTRUSTED_KEY));
        }
        assertThatThrownBy(() -> SignedArtifact.verify(two, TYPE, List.of(), 1))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.UNTRUSTED_KEY));
    }

    @Test
    void refusesEveryChangedByte() {
        byte[] file = SignedArtifact.sign(TYPE, PAYLOAD, Keys.FIRST);
        for (int i = 0; i < file.length; i++) {
            for (int mask : new int[] {1, 0x20, 0x80, 0xff}) {
                byte[] changed = file.clone();
                changed[i] ^= (byte) mask;
                assertThatThrownBy(() -> SignedArtifact.verify(changed, TYPE, List.of(FIRST), 1))
                        .as("byte %d", i)
                        .isInstanceOf(FluxException.class);
            }
        }
    }

    @Test
    void refusesEveryCutAndEveryAddition() {
        byte[] file = SignedArtifact.sign(TYPE, PAYLOAD, Keys.FIRST);
        for (int length = 0; length < file.length; length++) {
            refuses(Arrays.copyOf(file, length), SignalError.ARTIFACT);
        }
        refuses(Arrays.copyOf(file, file.length + 1), SignalError.ARTIFACT);
        refuses(join(file, file), SignalError.ARTIFACT);
    }

    @Test
    void refusesAnotherContentType() {
        byte[] passport = SignedArtifact.sign("application/vnd.fluxrig.passport+cbor", PAYLOAD, Keys.FIRST);
        refuses(passport, SignalError.ARTIFACT);
    }

    @Test
    void refusesItemsOutOfOrderOrOverOtherPayloads() {
        byte[] one = SignedArtifact.sign(TYPE, PAYLOAD, Keys.FIRST);
        byte[] two = SignedArtifact.sign(TYPE, PAYLOAD, Keys.SECOND);
        boolean sorted = Arrays.equals(join(one, two), SignedArtifact.addSignature(one, TYPE, Keys.SECOND));
        refuses(sorted ? join(two, one) : join(one, two), SignalError.ARTIFACT);
        byte[] other = SignedArtifact.sign(TYPE, FluxCbor.encode(FluxMap.of("name", Value.of("other"))), Keys.SECOND);
        refuses(sorted ? join(one, other) : join(other, one), SignalError.ARTIFACT);
    }

    @Test
    void refusesAPayloadThatIsNotFluxCbor() {
        for (String payload : List.of("", "1817", "0000", "a2616201616102", "f7")) {
            assertThatThrownBy(() -> SignedArtifact.sign(TYPE, Vectors.hex(payload), Keys.FIRST))
                    .isInstanceOfSatisfying(
                            FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.ARTIFACT));
        }
    }

    @Test
    void refusesOtherFormsOfCose() {
        String file = Vectors.hex(SignedArtifact.sign(TYPE, PAYLOAD, Keys.FIRST));
        // No tag, tag 98, another unprotected header, detached payload, longer heads, EdDSA (-8), a fourth header.
        refuses(Vectors.hex(file.substring(2)), SignalError.ARTIFACT);
        refuses(Vectors.hex("d862" + file.substring(2)), SignalError.ARTIFACT);
        refuses(Vectors.hex("d812" + file.substring(2)), SignalError.ARTIFACT);
        String header = FIRST.kid().hex() + "a0";
        refuses(Vectors.hex(file.replace(header, FIRST.kid().hex() + "a10443" + "616263")), SignalError.ARTIFACT);
        String payload = "55" + Vectors.hex(PAYLOAD);
        assertThat(file).contains(payload);
        refuses(Vectors.hex(file.replace(payload, "f6")), SignalError.ARTIFACT);
        refuses(Vectors.hex(file.replace(payload, "5815" + Vectors.hex(PAYLOAD))), SignalError.ARTIFACT);
        refuses(Vectors.hex(file.replace("a30132", "a30127")), SignalError.ARTIFACT);
        refuses(Vectors.hex(file.replace("a30132", "a3012a")), SignalError.ARTIFACT);
        refuses(Vectors.hex(file.replace("a30132", "a30133")), SignalError.ARTIFACT);
    }

    @Test
    void noPublicExampleFitsTheProfileAndNoneThrowsAnythingElse() throws Exception {
        int seen = 0;
        for (String folder : List.of("eddsa-examples", "sign1-tests")) {
            try (var files = Files.list(Vectors.path("cose-sign1/" + folder))) {
                for (Path file : files.toList()) {
                    JsonNode example = Vectors.json(file);
                    byte[] cose = Vectors.hex(example.get("output").get("cbor").asText());
                    assertThatThrownBy(() -> SignedArtifact.parse(cose, "text/plain"))
                            .as(file.getFileName().toString())
                            .isInstanceOfSatisfying(
                                    FluxException.class,
                                    e -> assertThat(e.code()).isEqualTo(SignalError.ARTIFACT));
                    seen++;
                }
            }
        }
        assertThat(seen).isEqualTo(8);
    }

    @Test
    void theEd25519ExampleVerifiesBelowTheProfile() {
        JsonNode example = Vectors.json("cose-sign1/eddsa-examples/eddsa-sig-01.json");
        VerifyKey key = VerifyKey.ofRaw(Vectors.hex(
                example.get("input").get("sign0").get("key").get("x_hex").asText()));
        byte[] cose = Vectors.hex(example.get("output").get("cbor").asText());
        byte[] toBeSigned =
                Vectors.hex(example.get("intermediates").get("ToBeSign_hex").asText());
        byte[] signature = Arrays.copyOfRange(cose, cose.length - 64, cose.length);
        assertThat(key.verify(toBeSigned, signature)).isTrue();
        byte[] header = Vectors.hex("a201270300");
        byte[] ours = SignedArtifact.toBeSigned(header, "", "This is the content.".getBytes(StandardCharsets.US_ASCII));
        assertThat(ours).isEqualTo(toBeSigned);
    }

    @Test
    void refusesTheSixtyFifthSignature() {
        byte[] file = SignedArtifact.sign(TYPE, PAYLOAD, Keys.ofSeed(0));
        for (int i = 1; i < 64; i++) {
            file = SignedArtifact.addSignature(file, TYPE, Keys.ofSeed(i));
        }
        byte[] full = file;
        assertThat(SignedArtifact.parse(full, TYPE).signatures()).hasSize(64);
        assertThatThrownBy(() -> SignedArtifact.addSignature(full, TYPE, Keys.ofSeed(64)))
                .isInstanceOf(FluxException.class);
    }

    private static byte[] join(byte[] a, byte[] b) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(a);
        both.writeBytes(b);
        return both.toByteArray();
    }
}
