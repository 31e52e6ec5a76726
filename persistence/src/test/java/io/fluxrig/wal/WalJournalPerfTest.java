package io.fluxrig.wal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.japi.journal.JavaJournalPerfSpec;
import org.junit.runner.RunWith;
import org.scalatestplus.junit.JUnitRunner;

/** Pekko's performance kit, with every fsync done. More events: {@code -Dwal.perf.events=10000}. */
@RunWith(JUnitRunner.class)
public final class WalJournalPerfTest extends JavaJournalPerfSpec {
    private static final long serialVersionUID = 1L;

    public WalJournalPerfTest() {
        super(WalJournalTckTest.settings());
    }

    @Override
    public int eventsCount() {
        return Integer.getInteger("wal.perf.events", 1000);
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
    public void afterAll() {
        super.afterAll();
        try {
            Logs.remove(Path.of(config().getString("persistence.wal.dir")).getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
