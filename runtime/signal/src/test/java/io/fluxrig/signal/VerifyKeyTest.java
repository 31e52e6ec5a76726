package io.fluxrig.signal;

import static io.fluxrig.signal.Vectors.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One verdict for every edge: the strictest that still takes what honest signers make. */
class VerifyKeyTest {
    private static final Set<String> REFUSED = Set.of(
            "low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue", "reencoded_k");

    @Test
    void edgeCasePointsGetTheStrictVerdict() {
        int accepted = 0;
        int refused = 0;
        for (JsonNode vector : Vectors.json("ed25519-cctv/ed25519vectors.public.json")) {
            Set<String> flags = new HashSet<>();
            if (!vector.get("flags").isNull()) {
                vector.get("flags").forEach(flag -> flags.add(flag.asText()));
            }
            boolean strict = flags.stream().noneMatch(REFUSED::contains);
            VerifyKey key = VerifyKey.ofRaw(hex(vector.get("key").asText()));
            byte[] message = vector.get("msg").asText().getBytes(StandardCharsets.UTF_8);
            boolean verdict = key.verify(message, hex(vector.get("sig").asText()));
            assertThat(verdict).as("vector %s %s", vector.get("number"), flags).isEqualTo(strict);
            accepted += verdict ? 1 : 0;
            refused += verdict ? 0 : 1;
        }
        assertThat(accepted).isPositive();
        assertThat(accepted + refused).isEqualTo(609);
    }

    @Test
    void followsWycheproof() {
        int run = 0;
        for (JsonNode group :
                Vectors.json("wycheproof-ed25519/ed25519_test.public.json").get("testGroups")) {
            VerifyKey key = VerifyKey.ofRaw(hex(group.get("publicKey").get("pk").asText()));
            for (JsonNode test : group.get("tests")) {
                boolean valid = test.get("result").asText().equals("valid");
                assertThat(key.verify(
                                hex(test.get("msg").asText()),
                                hex(test.get("sig").asText())))
                        .as("tcId %s %s", test.get("tcId"), test.get("comment"))
                        .isEqualTo(valid);
                run++;
            }
        }
        assertThat(run).isEqualTo(100);
    }

    @Test
    void refusesASignatureWhoseScalarIsNotReduced() {
        byte[] message = {1, 2, 3};
        byte[] signature = Keys.FIRST.sign(message);
        assertThat(Keys.FIRST.publicKey().verify(message, signature)).isTrue();
        BigInteger order = BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));
        byte[] reversed = new byte[32];
        for (int i = 0; i < 32; i++) {
            reversed[i] = signature[63 - i];
        }
        byte[] larger = new BigInteger(1, reversed).add(order).toByteArray();
        byte[] malleable = signature.clone();
        Arrays.fill(malleable, 32, 64, (byte) 0);
        for (int i = 0; i < larger.length && i < 32; i++) {
            malleable[32 + i] = larger[larger.length - 1 - i];
        }
        assertThat(Keys.FIRST.publicKey().verify(message, malleable)).isFalse();
    }

    @Test
    void refusesEveryFlippedBitAndEveryOtherLength() {
        byte[] message = "a message".getBytes(StandardCharsets.US_ASCII);
        byte[] signature = Keys.FIRST.sign(message);
        for (int bit = 0; bit < 512; bit += 7) {
            byte[] flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Keys.FIRST.publicKey().verify(message, flipped))
                    .as("bit %d", bit)
                    .isFalse();
        }
        for (int length : new int[] {0, 1, 63, 65, 128}) {
            assertThat(Keys.FIRST.publicKey().verify(message, Arrays.copyOf(signature, length)))
                    .isFalse();
        }
        assertThat(Keys.SECOND.publicKey().verify(message, signature)).isFalse();
    }

    @Test
    void theJdkAgreesOnWhatWeSign() throws Exception {
        Random random = new Random(7);
        var factory = KeyFactory.getInstance("Ed25519");
        for (int i = 0; i < 20; i++) {
            byte[] message = new byte[random.nextInt(300)];
            random.nextBytes(message);
            SigningKey key = Keys.ofSeed(i);
            byte[] der = Base64.getMimeDecoder().decode(key.publicKey().pem().replaceAll("-----[A-Z ]+-----", ""));
            var verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(factory.generatePublic(new X509EncodedKeySpec(der)));
            verifier.update(message);
            byte[] signature = key.sign(message);
            assertThat(verifier.verify(signature)).isTrue();
            assertThat(key.publicKey().verify(message, signature)).isTrue();
        }
    }

    @Test
    void aKeyHas32Bytes() {
        assertThatThrownBy(() -> VerifyKey.ofRaw(new byte[31]))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.KEY));
    }
}
