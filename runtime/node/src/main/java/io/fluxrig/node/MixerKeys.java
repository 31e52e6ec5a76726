package io.fluxrig.node;

import com.typesafe.config.Config;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * With what the Mixer signs. Its keys lie in the data directory; where they lie beside the node's certificate instead, as a secret that is mounted for every node that
 * may be the Mixer, those are the site's.
 *
 * @param root signs passports
 * @param witness countersigns checkpoints
 */
record MixerKeys(SigningKey root, SigningKey witness) {
    private static final String ROOT = "root.pem";
    private static final String WITNESS = "mixer.pem";

    static MixerKeys of(DataDir data, Config config) {
        return brought(config)
                .map(dir -> new MixerKeys(
                        SigningKey.readPem(dir.resolve(ROOT)), MixerKey.pinned(data, dir.resolve(WITNESS))))
                .orElseGet(() -> new MixerKeys(SigningKey.readPem(data.rootKeyFile()), MixerKey.of(data)));
    }

    /** That which signs passports; nothing is made. */
    static SigningKey root(DataDir data, Config config) {
        return SigningKey.readPem(brought(config).map(dir -> dir.resolve(ROOT)).orElse(data.rootKeyFile()));
    }

    /** @throws FluxException KEY where only one of them was brought, or one is none */
    static void check(Config config) {
        brought(config).ifPresent(dir -> {
            SigningKey.readPem(dir.resolve(ROOT));
            SigningKey.readPem(dir.resolve(WITNESS));
        });
    }

    private static Optional<Path> brought(Config config) {
        return Optional.of(config.getString("fluxrig.tls.dir"))
                .filter(dir -> !dir.isEmpty())
                .map(Path::of)
                .filter(dir -> Files.exists(dir.resolve(ROOT)) || Files.exists(dir.resolve(WITNESS)));
    }
}
