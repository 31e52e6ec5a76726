package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.vault.LeafDraft;
import io.fluxrig.vault.LeafKind;
import io.fluxrig.vault.Vault;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What a Rack records about itself. */
record ControlLeaves(Vault vault, LongSupplier clock) {
    void started() {
        append("started", Optional.empty(), Optional.empty(), "");
    }

    void activated(Bytes artifact, String what) {
        append("activated", Optional.of(artifact), Optional.empty(), what);
    }

    /** @param artifact its identity, where as much could be read */
    void refused(Optional<Bytes> artifact, FluxException why) {
        append("refused", artifact, Optional.of(why), why.what());
    }

    void stopped(Optional<Bytes> artifact) {
        append("stopped", artifact, Optional.empty(), "");
    }

    private void append(String event, Optional<Bytes> artifact, Optional<FluxException> code, String why) {
        vault.append(LeafDraft.of(LeafKind.CONTROL, clock.getAsLong())
                .note(Notes.control(event, artifact, code.map(FluxException::code), why))
                .build());
    }
}
