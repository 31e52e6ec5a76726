package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A fact on its way into the vault. The vault gives it its index; until then another draft may name it as its cause, as
 * long as it is appended later. A draft is appended once.
 */
public final class LeafDraft {
    final LeafKind kind;
    final long at;
    final long id;
    final long gear;
    final String port;
    final Bytes scn;
    final Bytes spec;
    final Stored message;
    final boolean full;
    final FluxMap note;
    final Consumer<VaultEntry> onDurable;
    /** Written and read by the vault alone. */
    long n = -1;

    private final LeafPlace place = new LeafPlace();

    private LeafDraft cause;
    private final long causeIndex;

    private LeafDraft(Builder b) {
        kind = b.kind;
        at = b.at;
        id = b.id;
        gear = b.gear;
        port = b.port;
        scn = b.scn;
        spec = b.spec;
        message = b.message;
        full = b.full;
        note = b.note;
        onDurable = b.onDurable;
        cause = b.cause;
        causeIndex = b.causeIndex;
    }

    public static Builder of(LeafKind kind, long at) {
        return new Builder(kind, at);
    }

    public long at() {
        return at;
    }

    /** Where the leaf comes to stand, for those who may not hold the leaf. */
    public LeafPlace place() {
        return place;
    }

    /** The same draft, standing at this index. */
    LeafDraft numbered(long index) {
        n = index;
        return this;
    }

    /** The same draft under another spec. */
    LeafDraft withSpec(Bytes other) {
        Builder copy = new Builder(kind, at)
                .id(id)
                .gear(gear, port)
                .scn(scn)
                .spec(other)
                .note(note)
                .cause(causeIndex)
                .cause(cause);
        copy.message = message;
        copy.full = full;
        copy.onDurable = onDurable;
        return copy.build();
    }

    /** Index of the causing leaf, or -1. Forgets the cause, so that a chain of drafts can be collected. */
    long takeCause() {
        if (cause == null) {
            return causeIndex;
        }
        long index = cause.n;
        if (index < 0) {
            throw new IllegalStateException("a " + kind.text() + " leaf was appended before its cause");
        }
        cause = null;
        return index;
    }

    @Override
    public String toString() {
        return "LeafDraft[" + kind.text() + "]";
    }

    /** Names and values as in FORMATS section 7; what is not set is absent from the leaf. */
    public static final class Builder {
        private final LeafKind kind;
        private final long at;
        private long id;
        private long gear;
        private String port = "";
        private Bytes scn = Bytes.EMPTY;
        private Bytes spec = Bytes.EMPTY;
        private Stored message;
        private boolean full;
        private FluxMap note = FluxMap.EMPTY;
        private Consumer<VaultEntry> onDurable;
        private LeafDraft cause;
        private long causeIndex = -1;

        private Builder(LeafKind kind, long at) {
            this.kind = Objects.requireNonNull(kind);
            this.at = at;
        }

        public Builder id(long id) {
            this.id = id;
            return this;
        }

        public Builder gear(long gear, String port) {
            this.gear = gear;
            this.port = Objects.requireNonNull(port);
            return this;
        }

        public Builder cause(LeafDraft cause) {
            this.cause = cause;
            return this;
        }

        public Builder cause(long index) {
            this.causeIndex = index;
            return this;
        }

        public Builder scn(Bytes identity) {
            this.scn = Objects.requireNonNull(identity);
            return this;
        }

        public Builder spec(Bytes sha256) {
            this.spec = Objects.requireNonNull(sha256);
            return this;
        }

        /** Keeps the message itself, encrypted where it is classified. */
        public Builder message(Stored message) {
            this.message = Objects.requireNonNull(message);
            this.full = true;
            return this;
        }

        /** Keeps only a digest of the message, keyed where it is classified. */
        public Builder digestOf(Stored message) {
            this.message = Objects.requireNonNull(message);
            this.full = false;
            return this;
        }

        public Builder note(FluxMap note) {
            this.note = Objects.requireNonNull(note);
            return this;
        }

        /** Called once the leaf is durable, on the vault's thread; must be quick. */
        public Builder onDurable(Consumer<VaultEntry> then) {
            this.onDurable = then;
            return this;
        }

        public LeafDraft build() {
            return new LeafDraft(this);
        }
    }
}
