package io.fluxrig.gears.tcp;

import java.time.Duration;

/**
 * The bounds of one connection.
 *
 * @param frameTimeout from the first byte of a frame to its last
 * @param idleTimeout without a byte in either direction
 * @param writeTimeout for which a frame may wait to be written
 * @param maxQueuedWrites frames that wait to be written
 * @param maxKeepAlives frames without content within a minute
 */
record ConnectionLimits(
        Duration frameTimeout, Duration idleTimeout, Duration writeTimeout, int maxQueuedWrites, int maxKeepAlives) {}
