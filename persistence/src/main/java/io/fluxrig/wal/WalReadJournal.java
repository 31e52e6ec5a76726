package io.fluxrig.wal;

import com.typesafe.config.Config;
import io.fluxrig.signal.FluxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentPersistenceIdsQuery;
import org.apache.pekko.persistence.query.javadsl.EventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.PersistenceIdsQuery;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.javadsl.Source;
import scala.jdk.javaapi.OptionConverters;

/**
 * Persistence query over a log that is open in this process. Streams read as fast as they are drained, in flat memory; live ones look for
 * more at the configured interval. The offset of an event is its sequence number.
 */
public final class WalReadJournal
        implements EventsByPersistenceIdQuery,
                CurrentEventsByPersistenceIdQuery,
                PersistenceIdsQuery,
                CurrentPersistenceIdsQuery {
    /** Plugin id of the block in reference.conf. */
    public static final String IDENTIFIER = "persistence.wal-query";

    private static final String DISPATCHER = "persistence.wal-replay-dispatcher";

    private final EventCodec codec;
    private final Path dir;
    private final Duration refresh;

    WalReadJournal(ExtendedActorSystem system, Config config) {
        codec = new EventCodec(system);
        dir = Path.of(config.getString("dir"));
        refresh = config.getDuration("refresh");
    }

    private Wal wal() {
        return Wal.over(dir)
                .orElseThrow(
                        () -> new FluxException(WalError.NO_LOG, "the log '" + dir + "' is not open in this process"));
    }

    @Override
    public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(String persistenceId, long from, long to) {
        return Source.unfoldResource(
                        () -> wal().reader(persistenceId, from, to),
                        (Replay replay) -> Optional.ofNullable(replay.next()).map(this::envelope),
                        Replay::close)
                .withAttributes(ActorAttributes.dispatcher(DISPATCHER));
    }

    /** Completes only after the event {@code to}. */
    @Override
    public Source<EventEnvelope, NotUsed> eventsByPersistenceId(String persistenceId, long from, long to) {
        return Source.tick(Duration.ZERO, refresh, NotUsed.getInstance())
                .mapMaterializedValue(cancellable -> NotUsed.getInstance())
                .statefulMapConcat(() -> {
                    long[] next = {Math.max(1, from)};
                    return tick -> {
                        long high = Math.min(to, wal().highestSequenceNr(persistenceId));
                        long start = next[0];
                        next[0] = Math.max(start, high + 1);
                        return start > high ? Set.<Range>of() : Set.of(new Range(start, high));
                    };
                })
                .flatMapConcat(range -> currentEventsByPersistenceId(persistenceId, range.from(), range.to()))
                .takeWhile(event -> event.sequenceNr() < to, true);
    }

    private record Range(long from, long to) {}

    @Override
    public Source<String, NotUsed> currentPersistenceIds() {
        return Source.lazySource(() -> Source.from(wal().persistenceIds()))
                .mapMaterializedValue(m -> NotUsed.getInstance());
    }

    /** Never completes; each id comes once. */
    @Override
    public Source<String, NotUsed> persistenceIds() {
        return Source.tick(Duration.ZERO, refresh, NotUsed.getInstance())
                .mapMaterializedValue(cancellable -> NotUsed.getInstance())
                .statefulMapConcat(() -> {
                    Set<String> seen = new HashSet<>();
                    return tick ->
                            wal().persistenceIds().stream().filter(seen::add).toList();
                });
    }

    private EventEnvelope envelope(WalRecord stored) {
        return EventEnvelope.apply(
                Offset.sequence(stored.sequenceNr()),
                stored.persistenceId(),
                stored.sequenceNr(),
                codec.payload(stored),
                stored.timestamp(),
                OptionConverters.toScala(codec.metadata(stored)));
    }
}
