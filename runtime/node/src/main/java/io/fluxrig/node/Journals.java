package io.fluxrig.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.Map;

/** Journal plugins are made as needed, one for each directory: a Rack never shares its log. */
final class Journals {
    /** A plugin's id and the configuration that defines it. */
    record Journal(String id, Config config) {}

    private Journals() {}

    /** @param owner name of whose log it is; its characters fit a configuration path */
    static Journal at(Path directory, String owner, Config base) {
        String id = "fluxrig.journal." + owner;
        Config plugin = ConfigFactory.parseMap(Map.of("dir", directory.toString(), "owner", owner))
                .withFallback(base.getConfig("persistence.wal"));
        return new Journal(
                id,
                ConfigFactory.empty()
                        .withValue(
                                id, ConfigValueFactory.fromAnyRef(plugin.root().unwrapped())));
    }
}
