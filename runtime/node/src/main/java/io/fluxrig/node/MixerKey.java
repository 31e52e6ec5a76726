package io.fluxrig.node;

import io.fluxrig.scenario.DataDir;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The key with which the Mixer countersigns checkpoints; pinned as a witness where it is made. It signs nothing else. */
final class MixerKey {
    private MixerKey() {}

    /** The name it signs under. */
    static String name(DataDir data) {
        return data.site() + ".mixer";
    }

    /** Made on the first start. */
    static SigningKey of(DataDir data) {
        Path file = data.root().resolve("keys").resolve("mixer.pem");
        if (!Files.exists(file)) {
            SigningKey.generate(new SecureRandom()).writePem(file);
        }
        return pinned(data, file);
    }

    /** That in the file; pinned where nothing is. */
    static SigningKey pinned(DataDir data, Path file) {
        SigningKey key = SigningKey.readPem(file);
        Path pinned = data.trustDir().resolve("witness").resolve(name(data) + ".pem");
        try {
            if (!Files.exists(pinned) && Files.isWritable(data.trustDir())) {
                Files.createDirectories(pinned.getParent());
                Files.writeString(pinned, key.publicKey().pem());
            }
            return key;
        } catch (IOException e) {
            throw new FluxException(NodeError.START, "the Mixer's key: " + e.getMessage(), e);
        }
    }
}
