package io.fluxrig.gears.tcp;

import io.fluxrig.gear.SettingsSchema;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;

/** Settings as a scenario gives them. */
final class Settings {
    private Settings() {}

    static TcpServerSettings server(int port, Object... more) {
        return read(TcpServerSettings.class, config("listen", port, more));
    }

    static TcpClientSettings client(int port, Object... more) {
        return read(TcpClientSettings.class, config("connect", port, more));
    }

    private static FluxMap config(String key, int port, Object... more) {
        FluxMap.Builder config = FluxMap.builder().put(key, "127.0.0.1:" + port);
        for (int i = 0; i < more.length; i += 2) {
            config.put((String) more[i], value(more[i + 1]));
        }
        return config.build();
    }

    private static Value value(Object plain) {
        return switch (plain) {
            case Integer number -> Value.of((long) number);
            case Boolean truth -> Value.of((boolean) truth);
            case String text -> Value.of(text);
            case Value value -> value;
            default -> throw new IllegalArgumentException();
        };
    }

    static <S extends Record> S read(Class<S> type, FluxMap config) {
        return switch (SettingsSchema.of(type).read(config)) {
            case SettingsSchema.Read.Good<S> good -> good.settings();
            case SettingsSchema.Read.Bad<S> bad -> throw new AssertionError(bad.problems());
        };
    }
}
