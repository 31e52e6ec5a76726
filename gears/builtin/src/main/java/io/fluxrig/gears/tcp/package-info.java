/**
 * The TCP gears. Sockets live on a few threads of their own ({@link io.fluxrig.gears.tcp.NetLoop}), never on a dispatcher's; an idle connection costs no
 * thread and no buffer.
 */
package io.fluxrig.gears.tcp;
