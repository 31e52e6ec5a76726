package io.fluxrig.node;

import io.fluxrig.node.Registry.Entry;
import io.fluxrig.node.Registry.Grant;
import io.fluxrig.node.Registry.Standing;
import io.fluxrig.scenario.Ticket;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.VerifyKey;
import io.fluxrig.vault.ControlRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * Who becomes a Rack of this site, and stays one. A Rack whose key lies on the Mixer's own disk is one at once; any other shows a ticket, or waits until an
 * operator says yes. There is no secret that is the same everywhere.
 */
final class Enrolment {
    /** Whoever may join the cluster may ask; nobody fills the journal with that. */
    static final int MOST_PENDING = 1_000;

    private static final String ITSELF = "the Mixer's own node";

    /** What an operator says about a Rack. */
    enum Order {
        APPROVE,
        SUSPEND,
        REMOVE
    }

    /** What is to be done about one that asks for its passport. */
    sealed interface Decision {}

    /** @param record to be persisted first; empty where it was granted before */
    record Given(Optional<ControlRecord> record, Grant grant) implements Decision {}

    record Waits(Optional<ControlRecord> record, String why) implements Decision {}

    record Refused(String why) implements Decision {}

    private final Registry registry;
    private final String site;
    private final Collection<VerifyKey> roots;
    private final Instant now;

    Enrolment(Registry registry, String site, Collection<VerifyKey> roots, Instant now) {
        this.registry = registry;
        this.site = site;
        this.roots = roots;
        this.now = now;
    }

    /** @param here whether its key lies on the Mixer's own disk */
    Decision decide(Mixer.Enrol asked, boolean here) {
        Optional<Entry> known = registry.of(asked.name());
        boolean waits = known.isEmpty() || known.get().standing() == Standing.PENDING;
        if (!waits && !known.get().key().equals(asked.key())) {
            return new Refused("the name '" + asked.name() + "' belongs to another key");
        }
        return switch (known.map(Entry::standing).orElse(Standing.PENDING)) {
            case APPROVED ->
                new Given(Optional.empty(), known.orElseThrow().grant().orElseThrow());
            case SUSPENDED -> new Waits(Optional.empty(), told("suspended", known.orElseThrow()));
            case REMOVED -> new Refused(told("removed", known.orElseThrow()));
            case PENDING -> here ? given(asked, ITSELF, Bytes.EMPTY) : fresh(asked, known);
        };
    }

    private static String told(String what, Entry entry) {
        return what + " by " + entry.by() + " at " + Instant.ofEpochSecond(entry.since())
                + (entry.why().isEmpty() ? "" : ": " + entry.why());
    }

    private Decision fresh(Mixer.Enrol asked, Optional<Entry> known) {
        String why = "waits for 'fluxrig racks approve " + asked.name() + "'";
        if (!asked.ticket().isEmpty()) {
            try {
                Ticket.Verified shown = Ticket.verify(asked.ticket(), roots, site, now);
                if (shown.ticket().name().equals(asked.name()) && !registry.isUsed(shown.identity())) {
                    return given(asked, "a ticket", shown.identity());
                }
                why += ": its ticket is for '" + shown.ticket().name() + "', or was used before";
            } catch (FluxException refused) {
                why += ": " + refused.line();
            }
        }
        if (known.isPresent()) {
            return known.get().key().equals(asked.key())
                    ? new Waits(Optional.empty(), why)
                    : new Refused("somebody with another key waits under the name '" + asked.name()
                            + "': look at 'fluxrig racks show', and remove it");
        }
        return registry.pending() >= MOST_PENDING
                ? new Refused(MOST_PENDING + " Racks wait for an operator already")
                : new Waits(Optional.of(Registry.pending(asked.name(), asked.key(), seconds())), why);
    }

    private Decision given(Mixer.Enrol asked, String by, Bytes ticket) {
        return registry.next(asked.key())
                .<Decision>map(grant ->
                        new Given(Optional.of(Registry.enrolled(asked.name(), grant, seconds(), by, ticket)), grant))
                .orElseGet(() -> new Refused("all machine ids are granted"));
    }

    /**
     * What an operator wants, as the record that makes it so; empty where it is so already.
     *
     * @throws FluxException RACK_ORDER where it cannot be
     */
    Optional<ControlRecord> order(Mixer.Decide decide) {
        String name = decide.rack();
        Entry entry = registry.of(name)
                .orElseThrow(() -> new FluxException(NodeError.RACK_ORDER, "no Rack '" + name + "' has ever asked"));
        return switch (decide.order()) {
            case APPROVE -> approve(decide, entry);
            case SUSPEND ->
                switch (entry.standing()) {
                    case APPROVED -> Optional.of(standing(decide, Standing.SUSPENDED));
                    case SUSPENDED -> Optional.empty();
                    case PENDING, REMOVED -> throw impossible(name, entry, "only an approved Rack can be suspended");
                };
            case REMOVE ->
                switch (entry.standing()) {
                    case PENDING -> Optional.of(Registry.forgotten(name));
                    case APPROVED, SUSPENDED -> Optional.of(standing(decide, Standing.REMOVED));
                    case REMOVED -> Optional.empty();
                };
        };
    }

    private Optional<ControlRecord> approve(Mixer.Decide decide, Entry entry) {
        return switch (entry.standing()) {
            case PENDING -> {
                Grant grant = registry.next(entry.key())
                        .orElseThrow(() -> impossible(decide.rack(), entry, "all machine ids are granted"));
                yield Optional.of(Registry.enrolled(decide.rack(), grant, seconds(), decide.who(), Bytes.EMPTY));
            }
            case SUSPENDED -> Optional.of(standing(decide, Standing.APPROVED));
            case APPROVED -> Optional.empty();
            case REMOVED ->
                throw impossible(
                        decide.rack(), entry, "a Rack that was removed stays so; give the new one another name");
        };
    }

    private ControlRecord standing(Mixer.Decide decide, Standing now) {
        return Registry.standing(decide.rack(), now, seconds(), decide.who(), decide.why());
    }

    private static FluxException impossible(String name, Entry entry, String why) {
        return new FluxException(
                NodeError.RACK_ORDER, "'" + name + "' is " + entry.standing().word() + ": " + why);
    }

    private long seconds() {
        return now.getEpochSecond();
    }

    /** Why a Rack is to stop; empty where it may go on. One that is not known here was granted its passport elsewhere, and is believed. */
    static Optional<String> stopped(Registry registry, String rack) {
        return registry.of(rack)
                .filter(e -> e.standing() == Standing.SUSPENDED || e.standing() == Standing.REMOVED)
                .map(e -> told(e.standing().word(), e));
    }
}
