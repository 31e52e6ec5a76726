/** The correlator gear: pairs requests with their replies on routes where the other side knows us by our own trace numbers. */
package io.fluxrig.gears.correlator;
