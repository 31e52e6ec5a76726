package io.fluxrig.node;

import io.fluxrig.audit.WitnessRequest;

/** Somebody outside the Rack who remembers its last checkpoint: the Mixer, or a witness. */
interface CheckpointOverseer {

    /** What came of showing a checkpoint. */
    sealed interface Seen {}

    /** A line to be added to the checkpoint. */
    record Cosigned(String line) implements Seen {}

    /** It remembers this many leaves, and wants a proof from there on. */
    record Remembers(long size) implements Seen {}

    /** This log is not the one it remembers. */
    record Denied(String why) implements Seen {}

    /** Nobody answered, or it does not know what to do with this; asked again later. */
    record NoAnswer(String why) implements Seen {}

    /** For messages to people. */
    String name();

    /** Blocks, for some seconds at most. */
    Seen show(WitnessRequest request);
}
