package io.fluxrig.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.fluxrig.vault.Vault;
import io.fluxrig.vault.VaultReader;
import io.fluxrig.wal.Wal;
import java.nio.file.Path;
import java.util.Map;

/** Journal plugins are made as needed, one for each directory: a Rack never shares its log. */
final class Journals {
    private Journals() {}

    /**
     * @param owner name of whose log it is; its characters fit a configuration path
     * @param snapshots directory of the snapshots, a cache
     */
    static Vault.Journal at(Path directory, Path snapshots, String owner, Config base) {
        String id = "fluxrig.journal." + owner;
        String snapshotsId = "fluxrig.snapshots." + owner;
        Config plugin = ConfigFactory.parseMap(Map.of("dir", directory.toString(), "owner", owner))
                .withFallback(base.getConfig("persistence.wal"));
        Config cache = ConfigFactory.parseMap(Map.of("dir", snapshots.toString()))
                .withFallback(base.getConfig("persistence.wal-snapshots"));
        Config both = ConfigFactory.empty()
                .withValue(id, ConfigValueFactory.fromAnyRef(plugin.root().unwrapped()))
                .withValue(
                        snapshotsId, ConfigValueFactory.fromAnyRef(cache.root().unwrapped()));
        return new Vault.Journal(
                id,
                snapshotsId,
                both,
                Vault.Journal.SNAPSHOT_BYTES,
                (sequenceNr, leaves) ->
                        Wal.over(directory).ifPresent(wal -> wal.confirm(VaultReader.PERSISTENCE_ID, sequenceNr)));
    }
}
