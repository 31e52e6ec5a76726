package io.fluxrig.wal;

import com.typesafe.config.Config;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.query.ReadJournalProvider;

/** Makes the read journal {@code persistence.wal-query}. */
public final class WalReadJournalProvider implements ReadJournalProvider {
    private final WalReadJournal journal;

    public WalReadJournalProvider(ExtendedActorSystem system, Config config) {
        journal = new WalReadJournal(system, config);
    }

    @Override
    public org.apache.pekko.persistence.query.scaladsl.ReadJournal scaladslReadJournal() {
        return new WalScalaReadJournal(journal);
    }

    @Override
    public WalReadJournal javadslReadJournal() {
        return journal;
    }
}
