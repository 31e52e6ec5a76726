package io.fluxrig.wal;

import org.apache.pekko.NotUsed;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.scaladsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.scaladsl.CurrentPersistenceIdsQuery;
import org.apache.pekko.persistence.query.scaladsl.EventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.scaladsl.PersistenceIdsQuery;
import org.apache.pekko.stream.scaladsl.Source;

/** The same queries for callers in Scala. */
public final class WalScalaReadJournal
        implements EventsByPersistenceIdQuery,
                CurrentEventsByPersistenceIdQuery,
                PersistenceIdsQuery,
                CurrentPersistenceIdsQuery {
    private final WalReadJournal journal;

    WalScalaReadJournal(WalReadJournal journal) {
        this.journal = journal;
    }

    @Override
    public Source<EventEnvelope, NotUsed> eventsByPersistenceId(String persistenceId, long from, long to) {
        return journal.eventsByPersistenceId(persistenceId, from, to).asScala();
    }

    @Override
    public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(String persistenceId, long from, long to) {
        return journal.currentEventsByPersistenceId(persistenceId, from, to).asScala();
    }

    @Override
    public Source<String, NotUsed> persistenceIds() {
        return journal.persistenceIds().asScala();
    }

    @Override
    public Source<String, NotUsed> currentPersistenceIds() {
        return journal.currentPersistenceIds().asScala();
    }
}
