package io.fluxrig.node;

import io.fluxrig.audit.Succession;
import io.fluxrig.scenario.Passport;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.signal.VerifyKey;
import io.fluxrig.vault.ControlRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the Mixer remembers of each Rack's log: its last checkpoint, and whether it contradicted itself. A Rack that shows another history than the one that is
 * remembered was rolled back, restored or cloned; both checkpoints are kept as evidence, and it is quarantined until it begins a new generation.
 */
final class CheckpointLedger {
    private static final String SEEN = "checkpoint";
    private static final String QUARANTINED = "quarantined";

    /** Both checkpoints say what is wrong. */
    record Quarantine(String why, Bytes remembered, Bytes shown) {}

    private record Head(Checkpoint checkpoint, Bytes note, Optional<Quarantine> quarantine) {}

    private final Map<String, Head> heads = new TreeMap<>();

    /** What is to be done about a checkpoint. */
    sealed interface Decision {}

    /** Remember it, and countersign. */
    record Remember(ControlRecord record, Checkpoint checkpoint) implements Decision {}

    /** It was remembered before. */
    record Known(Checkpoint checkpoint) implements Decision {}

    /** A proof from this size on is due. */
    record ProofDue(long size) implements Decision {}

    /** The Rack is quarantined from now on. */
    record Contradicted(ControlRecord record, String why) implements Decision {}

    /** The Rack is quarantined already. */
    record Shut(String why) implements Decision {}

    /**
     * @param passport verified, of this Rack
     * @param note the checkpoint
     * @throws io.fluxrig.signal.FluxException CHECKPOINT where it is not one that the Rack signed
     */
    Decision decide(Passport passport, Bytes note, long proofFrom, List<Bytes> proof) {
        String origin = passport.origin();
        VerifyKey key = VerifyKey.ofRaw(passport.key().toArray());
        Checkpoint next = Checkpoint.verify(note.toArray(), origin, key);
        Optional<Head> head = Optional.ofNullable(heads.get(passport.name()))
                .filter(h -> generationOf(h.checkpoint().origin()) >= passport.generation());
        Optional<Quarantine> quarantine = head.flatMap(Head::quarantine);
        if (quarantine.isPresent()) {
            return new Shut(quarantine.get().why());
        }
        if (head.isPresent() && !head.get().checkpoint().origin().equals(origin)) {
            return contradicted(passport.name(), head.get(), note, "it has gone back to an earlier generation");
        }
        if (head.isPresent() && head.get().checkpoint().equals(next)) {
            return new Known(next);
        }
        return switch (Succession.of(head.map(Head::checkpoint), next, proofFrom, proof)) {
            case Succession.Grown grown ->
                new Remember(
                        new ControlRecord(ControlRecord.of(SEEN)
                                .put("name", passport.name())
                                .put("note", note)
                                .build()),
                        next);
            case Succession.ProofDue due -> new ProofDue(due.rememberedSize());
            case Succession.RolledBack back -> contradicted(passport.name(), head.orElseThrow(), note, back.told());
            case Succession.Forked fork -> contradicted(passport.name(), head.orElseThrow(), note, fork.told());
        };
    }

    private static Contradicted contradicted(String rack, Head head, Bytes note, String why) {
        FluxMap record = ControlRecord.of(QUARANTINED)
                .put("name", rack)
                .put("why", why)
                .put("remembered", head.note())
                .put("shown", note)
                .build();
        return new Contradicted(new ControlRecord(record), why);
    }

    void apply(ControlRecord record) {
        FluxMap map = record.map();
        String rack = map.text("name").orElse("");
        switch (record.event()) {
            case SEEN -> {
                Bytes note = bytes(map, "note");
                heads.put(rack, new Head(Checkpoint.parse(note.toArray()).checkpoint(), note, Optional.empty()));
            }
            case QUARANTINED -> {
                Quarantine quarantine =
                        new Quarantine(map.text("why").orElse(""), bytes(map, "remembered"), bytes(map, "shown"));
                Bytes note = quarantine.remembered();
                heads.put(rack, new Head(Checkpoint.parse(note.toArray()).checkpoint(), note, Optional.of(quarantine)));
            }
            default -> {
                // of no meaning for a log
            }
        }
    }

    /** Racks whose logs contradict themselves. */
    Map<String, Quarantine> quarantined() {
        Map<String, Quarantine> all = new TreeMap<>();
        heads.forEach((rack, head) -> head.quarantine().ifPresent(q -> all.put(rack, q)));
        return all;
    }

    private static long generationOf(String origin) {
        return Long.parseLong(origin.substring(origin.lastIndexOf('/') + 1));
    }

    private static Bytes bytes(FluxMap map, String key) {
        return map.get(key) instanceof Value.Bin bin ? bin.value() : Bytes.EMPTY;
    }
}
