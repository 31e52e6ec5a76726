/** A gear of one's own: counts how often a card is used, and declines what is too often. Depends on the SDK alone. */
package io.fluxrig.examples.velocity;
