package io.fluxrig.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may found a cluster: the first of the seed nodes, and only as long as it never was a member. One that was and finds nobody waits, because the others may go on
 * without it behind a cut; {@code --bootstrap} says that there are none.
 */
final class Founding {
    static final String SEEDS = "pekko.cluster.seed-nodes";
    private static final String MEMBER = "member";

    private Founding() {}

    /** The same configuration, in which this node founds nothing if it must not. */
    static Config rule(Config config, Path data, boolean bootstrap) {
        List<String> seeds = config.getStringList(SEEDS);
        if (bootstrap || seeds.isEmpty() || !Files.exists(data.resolve(MEMBER))) {
            return config;
        }
        List<String> others = new ArrayList<>(seeds);
        String self = "pekko://fluxrig@" + config.getString("pekko.remote.artery.canonical.hostname") + ":"
                + config.getInt("pekko.remote.artery.canonical.port");
        others.remove(self);
        if (others.isEmpty()) {
            // Nobody else to wait for.
            return config;
        }
        return config.withValue(SEEDS, ConfigValueFactory.fromIterable(others));
    }

    /** From now on this node founds no other cluster. */
    static void remember(Path data) {
        try {
            Path mark = data.resolve(MEMBER);
            if (!Files.exists(mark)) {
                Files.createFile(mark);
            }
        } catch (IOException e) {
            throw new FluxException(NodeError.START, data + ": " + e.getMessage(), e);
        }
    }
}
