package io.fluxrig.gears.tcp;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen or to connect, written {@code host:port}; an IPv6 address stands in brackets.
 *
 * @param host name or address
 * @param port 0..65535
 */
record Address(String host, int port) {
    private static final Pattern WRITTEN = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]{1,253}):([0-9]{1,5})");

    static Optional<Address> parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 0xFFFF) {
            return Optional.empty();
        }
        String host = matcher.group(1);
        boolean bracketed = host.startsWith("[");
        return Optional.of(new Address(
                bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(matcher.group(2))));
    }

    /** Looks up the name, which may block. */
    InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
