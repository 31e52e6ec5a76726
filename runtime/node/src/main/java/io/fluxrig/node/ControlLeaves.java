package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.Checkpoint;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Hashes;
import io.fluxrig.vault.LeafDraft;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.Vault;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What a Rack records about itself. */
record ControlLeaves(Vault vault, LongSupplier clock) {
    /** @param predecessor the last checkpoint of the generation before, where this is the first leaf of a new one */
    void started(Optional<byte[]> predecessor) {
        append(
                "started",
                predecessor.map(note -> Bytes.wrap(Hashes.sha256(note))),
                Optional.empty(),
                predecessor.map(ControlLeaves::continuing).orElse(""));
    }

    private static String continuing(byte[] note) {
        Checkpoint last = Checkpoint.parse(note).checkpoint();
        return "continues " + last.origin() + " after " + last.size() + " leaves with root "
                + Base64.getEncoder().encodeToString(last.root().toArray());
    }

    /** @param gears sequences of its gears by name, so that a bundle alone tells which gear is which */
    void activated(Bytes artifact, String what, Map<String, Long> gears) {
        FluxMap.Builder ids = FluxMap.builder();
        gears.forEach(ids::put);
        FluxMap note = Notes.control("activated", Optional.of(artifact), Optional.empty(), what);
        append(gears.isEmpty() ? note : note.with("gears", ids.build()));
    }

    /** @param artifact its identity, or the hash of what came in its place */
    void refused(Bytes artifact, FluxException why) {
        append("refused", Optional.of(artifact), Optional.of(why), why.what());
    }

    void quarantined(FluxException why) {
        append("quarantined", Optional.empty(), Optional.of(why), why.what());
    }

    /** Somebody is about to see what a signal holds. */
    void reveal(Rack.Disclose look) {
        append(Notes.control("reveal", Optional.empty(), Optional.empty(), look.reason())
                .with("shown", look.clear() ? "clear" : "masked")
                .with("signal", FluxId.text(look.id()))
                .with("who", look.who()));
    }

    void stopped(Optional<Bytes> artifact) {
        append("stopped", artifact, Optional.empty(), "");
    }

    private void append(String event, Optional<Bytes> artifact, Optional<FluxException> code, String why) {
        append(Notes.control(event, artifact, code.map(FluxException::code), why));
    }

    private void append(FluxMap note) {
        vault.append(
                LeafDraft.of(LeafKind.CONTROL, clock.getAsLong()).note(note).build());
    }
}
