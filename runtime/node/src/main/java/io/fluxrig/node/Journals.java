package io.fluxrig.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.LeafHashes;
import io.fluxrig.vault.Vault;
import io.fluxrig.vault.VaultReader;
import io.fluxrig.wal.Wal;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Journal plugins are made as needed, one for each directory: a Rack never shares its log. */
final class Journals {
    private static final Logger LOG = LoggerFactory.getLogger(Journals.class);

    /** In which a movable Rack is hosted. */
    static final String EPOCH = "fluxrig.rack.epoch";

    private Journals() {}

    /**
     * @param owner name of whose log it is; its characters fit a configuration path
     * @param snapshots directory of the snapshots, a cache
     */
    static Vault.Journal at(Path directory, Path snapshots, String owner, Config base) {
        // A plugin lives as long as the process: a Rack that comes back to a node gets another.
        String plugin = owner + (base.hasPath(EPOCH) ? "-" + base.getLong(EPOCH) : "");
        String id = "fluxrig.journal." + plugin;
        String snapshotsId = "fluxrig.snapshots." + plugin;
        Config its = ConfigFactory.parseMap(Map.of("dir", directory.toString(), "owner", owner))
                .withFallback(base.getConfig("persistence.wal"));
        Config cache = ConfigFactory.parseMap(Map.of("dir", snapshots.toString()))
                .withFallback(base.getConfig("persistence.wal-snapshots"));
        Config both = ConfigFactory.empty()
                .withValue(id, ConfigValueFactory.fromAnyRef(its.root().unwrapped()))
                .withValue(
                        snapshotsId, ConfigValueFactory.fromAnyRef(cache.root().unwrapped()));
        return new Vault.Journal(
                id,
                snapshotsId,
                both,
                base.getMemorySize("persistence.vault.snapshot-every").toBytes(),
                (sequenceNr, leaves) -> CompletableFuture.runAsync(() -> covered(directory, sequenceNr, leaves)));
    }

    /** The hashes of leaves stay here when their segments go, so that proofs over the whole log go on. */
    private static void covered(Path directory, long sequenceNr, long leaves) {
        try {
            LeafHashes.of(directory.getParent()).extendTo(leaves, VaultReader.at(directory));
            Wal.over(directory).ifPresent(wal -> wal.confirm(VaultReader.PERSISTENCE_ID, sequenceNr));
        } catch (FluxException refused) {
            LOG.warn("log '{}': nothing of it may be archived: {}", directory, refused.line());
        }
    }
}
