package io.fluxrig.wal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.japi.snapshot.JavaSnapshotStoreSpec;
import org.junit.runner.RunWith;
import org.scalatestplus.junit.JUnitRunner;

/** Pekko's own test kit for snapshot stores, with every capability that we claim. */
@RunWith(JUnitRunner.class)
public final class WalSnapshotsTckTest extends JavaSnapshotStoreSpec {
    private static final long serialVersionUID = 1L;

    public WalSnapshotsTckTest() {
        super(settings());
    }

    static Config settings() {
        String dir = Path.of(System.getProperty("java.io.tmpdir"), "wal-snapshots-tck-" + UUID.randomUUID())
                .toString();
        return ConfigFactory.parseString("""
                            pekko.persistence.snapshot-store.plugin = "persistence.wal-snapshots"
                            persistence.wal-snapshots.keep = 100
                            pekko.actor.allow-java-serialization = on
                            pekko.actor.warn-about-java-serializer-usage = off
                            pekko.test.timefactor = 3
                            """)
                .withValue("persistence.wal-snapshots.dir", ConfigValueFactory.fromAnyRef(dir))
                .withFallback(ConfigFactory.load());
    }

    @Override
    public CapabilityFlag supportsSerialization() {
        return CapabilityFlag.on();
    }

    @Override
    public CapabilityFlag supportsMetadata() {
        return CapabilityFlag.on();
    }

    @Override
    public void afterAll() {
        super.afterAll();
        try {
            Logs.remove(Path.of(config().getString("persistence.wal-snapshots.dir")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
