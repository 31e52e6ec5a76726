/** Terminals and scheme hosts that speak ISO 8583 over real sockets, for the demo, for tests, and as programs of their own. */
package io.fluxrig.simulate;
