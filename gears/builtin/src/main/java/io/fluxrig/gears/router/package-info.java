/** The router gear: rules in order, the first that fits takes the signal. */
package io.fluxrig.gears.router;
