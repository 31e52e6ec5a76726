package io.fluxrig.audit;

import io.fluxrig.signal.VerifyKey;
import java.nio.file.Path;
import java.util.List;

/** The root keys that somebody pinned: {@code trust/root/*.pem}. */
final class RootKeys {
    private RootKeys() {}

    static List<VerifyKey> in(Path trust) {
        return WitnessKeys.pemFiles(trust.resolve("root")).stream()
                .map(VerifyKey::readPem)
                .toList();
    }
}
