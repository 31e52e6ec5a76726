/** What the gears that speak ISO 8583 share: message types and the answers that a switch makes itself. */
package io.fluxrig.gears.iso8583;
