package io.fluxrig.node;

import io.fluxrig.signal.FluxMsg;
import io.fluxrig.spec.Spec;
import io.fluxrig.vault.LeafDraft;
import java.util.Optional;

/**
 * One way that a signal is on.
 *
 * @param signal whose branch it is
 * @param msg the live message
 * @param spec what {@code raw} and {@code data} follow
 * @param leaf the leaf that recorded the message: what happens next names it as its cause
 * @param storable the storable form of {@code data} and {@code raw}, kept while they do not change
 */
record Branch(LiveSignal signal, FluxMsg msg, Optional<Spec> spec, LeafDraft leaf, StorableBody storable) {}
