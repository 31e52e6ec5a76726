/**
 * The contract that every gear keeps, as a check for a gear author's own tests. Needs no test framework: {@link
 * io.fluxrig.gear.testkit.GearContract#check} tells what was found.
 */
package io.fluxrig.gear.testkit;
