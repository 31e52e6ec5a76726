package io.fluxrig.gears.tcp;

import io.fluxrig.gear.Setting;
import io.fluxrig.gears.iso8583.Validation;
import java.time.Duration;
import java.util.Optional;

/** What a link to a peer goes by. */
record TcpClientSettings(
        @Setting("The peer, as host:port") String connect,

        @Setting("How the stream is cut into frames; 2-byte length, big-endian and exclusive, where nothing is said")
        Optional<FramingSettings> framing,

        @Setting("The spec by which frames are read") Optional<String> spec,

        @Setting(
                value = "Whether messages are held against the rules of the spec: off, warn or enforce",
                byDefault = "warn")
        Validation validation,

        @Setting(value = "Connections to the peer", byDefault = "1", min = 1, max = 64)
        int connections,

        @Setting(value = "For which a connection may take to come up", byDefault = "5s")
        Duration connectTimeout,

        @Setting(value = "Shortest wait before the next attempt; it doubles with each", byDefault = "100ms")
        Duration reconnectMin,

        @Setting(value = "Longest wait before the next attempt", byDefault = "5s")
        Duration reconnectMax,

        @Setting(
                value = "Most frames that wait to be written to one connection",
                byDefault = "1024",
                min = 1,
                max = 65_536)
        int maxQueued,

        @Setting(value = "For which a frame may wait to be written", byDefault = "5s")
        Duration writeTimeout,

        @Setting(value = "From a frame's first byte to its last", byDefault = "5s")
        Duration frameTimeout,

        @Setting(
                "Without a byte in either direction, after which a connection is made anew; never where nothing is said")
        Optional<Duration> idleTimeout,

        @Setting("How often a frame without content tells the peer that we are there; never where nothing is said")
        Optional<Duration> keepAlive,

        @Setting(
                value = "Most frames without content of one connection within a minute",
                byDefault = "60",
                min = 0,
                max = 60_000)
        int maxKeepalives) {

    private static final Duration NEVER = Duration.ofDays(36_500);

    FramingSettings framed() {
        return framing.orElse(FramingSettings.DEFAULT);
    }

    ConnectionLimits limits() {
        return new ConnectionLimits(frameTimeout, idleTimeout.orElse(NEVER), writeTimeout, maxQueued, maxKeepalives);
    }
}
