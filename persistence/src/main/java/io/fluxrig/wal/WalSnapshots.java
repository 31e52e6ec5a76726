package io.fluxrig.wal;

import com.typesafe.config.Config;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;
import scala.jdk.javaapi.OptionConverters;

/**
 * The snapshot store {@code persistence.wal-snapshots}: local files, each there whole or not at all. Snapshots are a cache of what the
 * journal holds: a damaged one is passed over with a warning, and an older one or the whole log serves.
 */
public final class WalSnapshots extends SnapshotStore {
    private static final Logger LOG = LoggerFactory.getLogger(WalSnapshots.class);

    private final EventCodec codec;
    private final FileSys fs;
    private final int keep;
    private final long maxBytes;

    public WalSnapshots(Config config) throws IOException {
        codec = new EventCodec((ExtendedActorSystem) context().system());
        String dir = config.getString("dir");
        keep = config.getInt("keep");
        maxBytes = config.getMemorySize("max-bytes").toBytes();
        if (dir.isBlank() || keep < 1) {
            throw new FluxException(
                    WalError.SETTINGS, "persistence.wal-snapshots: dir names a directory and keep is at least 1");
        }
        Files.createDirectories(Path.of(dir));
        fs = new NioFileSys(Path.of(dir));
    }

    @Override
    public Future<Optional<SelectedSnapshot>> doLoadAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return now(() -> {
            for (SnapshotFile.Name name : names(persistenceId, criteria)) {
                Optional<SelectedSnapshot> good = read(persistenceId, name);
                if (good.isPresent()) {
                    return good;
                }
            }
            return Optional.empty();
        });
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
        return now(() -> {
            EventCodec.Stored stored = codec.store(snapshot);
            Optional<WalWrite.Metadata> meta = OptionConverters.toJava(metadata.metadata())
                    .map(codec::store)
                    .map(s -> new WalWrite.Metadata(s.serializerId(), s.manifest(), s.bytes()));
            SnapshotFile file = new SnapshotFile(
                    metadata.persistenceId(),
                    metadata.sequenceNr(),
                    metadata.timestamp(),
                    meta,
                    stored.serializerId(),
                    stored.manifest(),
                    stored.bytes());
            String id = metadata.persistenceId();
            if (stored.bytes().length > maxBytes) {
                throw new FluxException(WalError.SNAPSHOT, stored.bytes().length + " bytes, at most " + maxBytes);
            }
            Io.writeWhole(
                    fs,
                    new SnapshotFile.Name(SnapshotFile.hash(id), file.sequenceNr(), file.timestamp()).fileName(),
                    file.bytes());
            List<SnapshotFile.Name> all = names(id, SnapshotSelectionCriteria.latest());
            delete(all.subList(Math.min(keep, all.size()), all.size()));
            return null;
        });
    }

    @Override
    public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
        return now(() -> {
            delete(names(metadata.persistenceId(), SnapshotSelectionCriteria.latest()).stream()
                    .filter(n -> n.sequenceNr() == metadata.sequenceNr())
                    .filter(n -> metadata.timestamp() == 0 || n.timestamp() == metadata.timestamp())
                    .toList());
            return null;
        });
    }

    @Override
    public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return now(() -> {
            delete(names(persistenceId, criteria));
            return null;
        });
    }

    /** Newest first. */
    private List<SnapshotFile.Name> names(String persistenceId, SnapshotSelectionCriteria criteria) throws IOException {
        String hash = SnapshotFile.hash(persistenceId);
        return fs.list().stream()
                .filter(e -> e.kind() == FileSys.Kind.FILE)
                .flatMap(e -> SnapshotFile.name(e.name()).stream())
                .filter(n -> n.idHash().equals(hash))
                .filter(n -> criteria.matches(new SnapshotMetadata(persistenceId, n.sequenceNr(), n.timestamp())))
                .sorted(Comparator.comparingLong(SnapshotFile.Name::sequenceNr)
                        .thenComparingLong(SnapshotFile.Name::timestamp)
                        .reversed())
                .toList();
    }

    private Optional<SelectedSnapshot> read(String persistenceId, SnapshotFile.Name name) throws IOException {
        Optional<SnapshotFile> file;
        try (FileSys.OpenFile open = fs.open(name.fileName(), FileSys.Mode.READ)) {
            long size = open.size();
            file = size > maxBytes + (1 << 20)
                    ? Optional.empty()
                    : SnapshotFile.parse(Io.readExactly(open, 0, Math.toIntExact(size)));
        }
        if (file.filter(f -> f.persistenceId().equals(persistenceId) && f.sequenceNr() == name.sequenceNr())
                .isEmpty()) {
            LOG.warn("snapshot '{}' is damaged and passed over", fs.path(name.fileName()));
            return Optional.empty();
        }
        SnapshotFile f = file.get();
        Optional<Object> meta = f.metadata().map(codec::restore);
        SnapshotMetadata metadata = new SnapshotMetadata(persistenceId, f.sequenceNr(), f.timestamp());
        return Optional.of(SelectedSnapshot.create(
                meta.map(metadata::withMetadata).orElse(metadata),
                codec.restore(new WalWrite.Metadata(f.serializerId(), f.manifest(), f.payload()))));
    }

    private void delete(List<SnapshotFile.Name> names) throws IOException {
        for (SnapshotFile.Name name : names) {
            fs.delete(name.fileName());
        }
        if (!names.isEmpty()) {
            fs.forceDir();
        }
    }

    /** On the plugin's own thread, so that loads, saves and deletions keep their order. */
    private static <T> Future<T> now(Callable<T> work) {
        CompletableFuture<T> future = new CompletableFuture<>();
        try {
            future.complete(work.call());
        } catch (Exception e) {
            future.completeExceptionally(e);
        }
        return FutureConverters.asScala(future);
    }
}
