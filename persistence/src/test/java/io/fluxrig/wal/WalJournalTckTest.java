package io.fluxrig.wal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.japi.journal.JavaJournalSpec;
import org.junit.runner.RunWith;
import org.scalatestplus.junit.JUnitRunner;

/** Pekko's own test kit for journals, with every capability that we claim. */
@RunWith(JUnitRunner.class)
public final class WalJournalTckTest extends JavaJournalSpec {
    private static final long serialVersionUID = 1L;

    public WalJournalTckTest() {
        super(settings());
    }

    static Config settings() {
        Path dir = Path.of(System.getProperty("java.io.tmpdir"), "wal-tck-" + UUID.randomUUID());
        return ConfigFactory.parseString("""
                            pekko.persistence.journal.plugin = "persistence.wal"
                            pekko.actor.allow-java-serialization = on
                            pekko.actor.warn-about-java-serializer-usage = off
                            pekko.test.timefactor = 3
                            """)
                .withValue(
                        "persistence.wal.dir",
                        ConfigValueFactory.fromAnyRef(dir.resolve("wal").toString()))
                .withFallback(ConfigFactory.load());
    }

    @Override
    public CapabilityFlag supportsRejectingNonSerializableObjects() {
        return CapabilityFlag.on();
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
            Logs.remove(Path.of(config().getString("persistence.wal.dir")).getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
