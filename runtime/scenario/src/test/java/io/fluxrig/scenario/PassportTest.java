package io.fluxrig.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxCbor;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.SignalError;
import io.fluxrig.signal.SignedArtifact;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.signal.Value;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PassportTest {
    private static final SigningKey ROOT = SigningKey.generate(new SecureRandom());
    private static final SigningKey RACK = SigningKey.generate(new SecureRandom());
    private static final Passport PASSPORT = new Passport(
            "test.example",
            "rack-a",
            42,
            List.of(1, 65_535),
            RACK.publicKey().raw(),
            1,
            1_700_000_000,
            Map.of("zone", "a"));

    private static Passport verify(byte[] file) {
        return Passport.verify(file, List.of(ROOT.publicKey()));
    }

    private static FluxMap payload() {
        return (FluxMap) FluxCbor.decode(SignedArtifact.parse(PASSPORT.sign(ROOT), Passport.CONTENT_TYPE)
                .payload()
                .toArray());
    }

    private static void refused(FluxMap payload) {
        byte[] file = SignedArtifact.sign(Passport.CONTENT_TYPE, FluxCbor.encode(payload), ROOT);
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> verify(file))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ScenarioError.PASSPORT));
    }

    @Test
    void whatARootSignedIsRead() {
        assertThat(verify(PASSPORT.sign(ROOT))).isEqualTo(PASSPORT);
        assertThat(PASSPORT.sign(ROOT)).isEqualTo(PASSPORT.sign(ROOT));
    }

    @Test
    void aRackCannotSignItsOwn() {
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> verify(PASSPORT.sign(RACK)))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SignalError.UNTRUSTED_KEY));
    }

    @Test
    void anyByteChangedIsRefused() {
        byte[] good = PASSPORT.sign(ROOT);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x20;
            assertThatExceptionOfType(FluxException.class).as("byte %s", i).isThrownBy(() -> verify(bad));
        }
    }

    @Test
    void aScenarioIsNoPassport() {
        byte[] other = SignedArtifact.sign(Scenario.CONTENT_TYPE, FluxCbor.encode(payload()), ROOT);
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(() -> verify(other))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SignalError.ARTIFACT));
    }

    @Test
    void everyOtherShapeIsRefused() {
        FluxMap good = payload();
        for (int i = 0; i < good.size(); i++) {
            String key = good.keyAt(i);
            refused(good.with(key, Value.NULL));
            if (!key.equals("labels")) {
                refused(good.without(key));
            }
        }
        refused(good.with("sudo", "yes"));
        refused(good.with("type", "fluxrig/passport/2"));
        refused(good.with("labels", FluxMap.EMPTY));
        refused(good.with("labels", FluxMap.of("zone", Value.of(1))));
        refused(good.with("machines", Value.of(List.of())));
        refused(good.with("machines", Value.of(List.of(Value.of(0)))));
        refused(good.with("machines", Value.of(List.of(Value.of(65_536)))));
        refused(good.with("machines", Value.of(List.of(Value.of((1L << 32) + 1)))));
        refused(good.with("key", Value.of(Bytes.wrap(new byte[31]))));
        refused(good.with("generation", Value.of(0)));
        refused(good.with("name", "Rack-A"));
        refused(good.with("name", "../rack"));
        refused(good.with("site", "a..b"));
    }
}
