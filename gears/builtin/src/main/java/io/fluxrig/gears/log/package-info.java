/** The log gear: one line a signal, without payload. */
package io.fluxrig.gears.log;
