package io.fluxrig.node;

import io.fluxrig.audit.RackFiles;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.vault.CheckpointFiles;
import io.fluxrig.vault.VaultReader;
import io.fluxrig.wal.Wal;
import io.fluxrig.wal.WalRecord;
import io.fluxrig.wal.WalScan;
import io.fluxrig.wal.WalSettings;
import io.fluxrig.wal.WalWrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Begins a new generation of a Rack's log beside the old one, which stays whole under {@code generation-<n>} for the auditor. For a Rack whose disk was rolled back,
 * restored or cloned. Serials, gear ids and reserved fluxIDs are taken over, so that nothing is ever given twice. May be cut anywhere and asked for again.
 */
public final class RackRenewal {
    /** Where the last checkpoint of the generation before lies until the first leaf of the new one names it. */
    static final String PREDECESSOR = "predecessor";

    private static final List<String> MOVED = List.of("wal", "snapshots", "tree", "index", "keys", "witnessed");
    private static final String CHECKPOINTS = "checkpoints";

    private RackRenewal() {}

    /** @return the passport of the new generation */
    public static Passport begin(DataDir data, String rack, Trust trust, Clock clock) {
        if (Wal.isInUse(data.rackWal(rack))) {
            throw new FluxException(NodeError.RENEWAL, "'" + rack + "' is running");
        }
        if (MovableRacks.isWorkingCopy(data.rackDir(rack))) {
            throw new FluxException(
                    NodeError.RENEWAL,
                    "'" + rack + "' is movable: its log is in the database, and what lies here is a working copy");
        }
        if (!Files.exists(data.rootKeyFile())) {
            throw new FluxException(NodeError.RENEWAL, "the root key, which signs passports, is not in " + data.root());
        }
        RackIdentity old = RackIdentity.stored(data, rack, trust)
                .orElseThrow(() -> new FluxException(NodeError.NOT_ENROLLED, "'" + rack + "' has no passport yet"));
        try {
            return renew(data, rack, trust, clock, old);
        } catch (IOException e) {
            throw new FluxException(NodeError.RENEWAL, String.valueOf(e.getMessage()), e);
        }
    }

    private static Passport renew(DataDir data, String rack, Trust trust, Clock clock, RackIdentity now)
            throws IOException {
        Path home = data.rackDir(rack);
        Path lastTime = home.resolve("generation-" + (now.passport().generation() - 1));
        if (Files.isDirectory(lastTime) && !Files.exists(lastTime.resolve(CHECKPOINTS))) {
            move(home, lastTime, CHECKPOINTS);
            return now.passport();
        }
        Path kept = Files.createDirectories(
                home.resolve("generation-" + now.passport().generation()));
        Files.copy(data.passportFile(rack), kept.resolve("passport.cose"), StandardCopyOption.REPLACE_EXISTING);
        Optional<Path> last = new CheckpointFiles(data.rackCheckpoints(rack)).last();
        if (last.isPresent()) {
            DurableFile.write(home.resolve(PREDECESSOR), Files.readAllBytes(last.get()));
        }
        for (String part : MOVED) {
            move(home, kept, part);
        }
        takeOver(kept.resolve("wal"), data.rackWal(rack), rack);
        Passport next = next(now.passport(), clock);
        RackIdentity.store(data, rack, trust, Bytes.wrap(next.sign(SigningKey.readPem(data.rootKeyFile()))));
        // Last: until here a start would be refused, because these speak of another log.
        move(home, kept, CHECKPOINTS);
        return next;
    }

    private static Passport next(Passport old, Clock clock) {
        return new Passport(
                old.site(),
                old.name(),
                old.entity(),
                old.machines(),
                old.key(),
                old.generation() + 1,
                clock.instant().getEpochSecond(),
                old.labels());
    }

    private static void move(Path from, Path to, String part) throws IOException {
        if (Files.exists(from.resolve(part)) && !Files.exists(to.resolve(part))) {
            Files.move(from.resolve(part), to.resolve(part), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** What the Rack remembers besides signals goes into the new log as it was written in the old. */
    private static void takeOver(Path from, Path to, String rack) {
        List<WalRecord> records = new ArrayList<>();
        WalScan.read(from, record -> {
            if (!record.persistenceId().equals(VaultReader.PERSISTENCE_ID)) {
                records.add(record);
            }
        });
        try (Wal log = Wal.open(WalSettings.defaults(to, rack))) {
            for (WalRecord record : records) {
                if (record.sequenceNr() > log.highestSequenceNr(record.persistenceId())) {
                    log.append(List.of(WalWrite.of(
                                    record.persistenceId(),
                                    record.sequenceNr(),
                                    record.serializerId(),
                                    record.manifest(),
                                    record.payload())))
                            .toCompletableFuture()
                            .join();
                }
            }
        }
    }

    /** The checkpoint of the generation before, where a new one has just begun. */
    static Optional<byte[]> predecessor(RackFiles files) {
        Path file = files.directory().resolve(PREDECESSOR);
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new FluxException(NodeError.START, String.valueOf(e.getMessage()), e);
        }
    }
}
