package io.fluxrig.gears.tcp;

import io.fluxrig.gear.Setting;
import io.fluxrig.gears.iso8583.Validation;
import java.time.Duration;
import java.util.Optional;

/** What a listening port goes by. */
record TcpServerSettings(
        @Setting("Where to listen, as host:port") String listen,

        @Setting("How the stream is cut into frames; 2-byte length, big-endian and exclusive, where nothing is said")
        Optional<FramingSettings> framing,

        @Setting("The spec by which frames are read and answered")
        Optional<String> spec,

        @Setting(
                value = "Whether messages are held against the rules of the spec: off, warn or enforce",
                byDefault = "warn")
        Validation validation,

        @Setting(value = "How long a sender waits; a request that is older is not forwarded", byDefault = "5s")
        Duration senderTimeout,

        @Setting(value = "From a frame's first byte to its last", byDefault = "5s")
        Duration frameTimeout,

        @Setting(value = "Without a byte in either direction", byDefault = "5m")
        Duration idleTimeout,

        @Setting(value = "For which a reply may wait to be written", byDefault = "5s")
        Duration writeTimeout,

        @Setting(value = "Most connections at once", byDefault = "4096", min = 1, max = 65_536)
        int maxConnections,

        @Setting(value = "Most connections of one peer address at once", byDefault = "4096", min = 1, max = 65_536)
        int maxConnectionsPerPeer,

        @Setting(
                value = "Most frames without content of one connection within a minute",
                byDefault = "60",
                min = 0,
                max = 60_000)
        int maxKeepalives,

        @Setting(
                value = "Most replies that wait to be written to one connection",
                byDefault = "256",
                min = 1,
                max = 65_536)
        int maxQueuedWrites) {

    FramingSettings framed() {
        return framing.orElse(FramingSettings.DEFAULT);
    }

    ConnectionLimits limits() {
        return new ConnectionLimits(frameTimeout, idleTimeout, writeTimeout, maxQueuedWrites, maxKeepalives);
    }
}
