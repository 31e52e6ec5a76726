package io.fluxrig.gear;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads a settings record from a scenario's {@code config}, and tells everything that is wrong with it at once. The lint and
 * the Rack use this same code. Components become keys with hyphens ({@code maxFrame} is {@code max-frame}); they may be
 * {@code String}, {@code int}, {@code long}, {@code boolean}, {@link Duration} ({@code 250ms}, {@code 2s}, {@code 5m}, {@code 1h}), an enum,
 * another record, {@code Optional}, {@code List} or {@code Map<String, ...>} of these.
 */
public final class SettingsSchema<S extends Record> {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private final Class<S> type;

    private SettingsSchema(Class<S> type) {
        this.type = type;
    }

    public static <S extends Record> SettingsSchema<S> of(Class<S> type) {
        return new SettingsSchema<>(type);
    }

    /**
     * One thing that is wrong.
     *
     * @param path where: {@code routes[0].prefix}; empty for the settings as a whole
     * @param what what is wrong there
     * @param hint what to do
     * @param candidates words that would have been right, for a "did you mean"
     */
    public record Problem(String path, String what, String hint, List<String> candidates) {
        public Problem(String path, String what, String hint) {
            this(path, what, hint, List.of());
        }
    }

    /** The settings, or every problem. */
    public sealed interface Read<S> {
        record Good<S>(S settings) implements Read<S> {}

        /** @param rest the settings without what is not known; empty where more is wrong */
        record Bad<S>(List<Problem> problems, Optional<S> rest) implements Read<S> {}
    }

    /** One key, for documentation and editors. */
    public record Key(
            String name,
            String type,
            String meaning,
            String byDefault,
            boolean required,
            long min,
            long max,
            List<Key> inside) {}

    public List<Key> keys() {
        return keysOf(type);
    }

    public Read<S> read(FluxMap config) {
        List<Problem> problems = new ArrayList<>();
        Object settings = readRecord(type, config, "", problems);
        return problems.isEmpty()
                ? new Read.Good<>(type.cast(settings))
                : new Read.Bad<>(List.copyOf(problems), Optional.ofNullable(type.cast(settings)));
    }

    /** Whether the value at this path is text in the schema, so that {@code 0200} in a YAML file stays {@code 0200}. */
    public boolean isText(String path) {
        Type at = type;
        for (String step : path.split("[.]|(?=\\[)")) {
            at = step.startsWith("[") ? argument(at, 0) : member(at, step);
            if (at == null) {
                return false;
            }
        }
        Type plain = raw(at) == Optional.class ? argument(at, 0) : at;
        return plain == String.class || plain == Duration.class || raw(plain).isEnum();
    }

    private static Type member(Type at, String key) {
        Class<?> owner = raw(at);
        if (owner == Optional.class) {
            return member(argument(at, 0), key);
        }
        if (owner == Map.class) {
            return argument(at, 1);
        }
        if (!owner.isRecord()) {
            return null;
        }
        return Arrays.stream(owner.getRecordComponents())
                .filter(c -> keyOf(c).equals(key))
                .map(RecordComponent::getGenericType)
                .findFirst()
                .orElse(null);
    }

    private static Object readRecord(Class<?> type, FluxMap config, String path, List<Problem> problems) {
        RecordComponent[] components = type.getRecordComponents();
        List<String> known =
                Arrays.stream(components).map(SettingsSchema::keyOf).toList();
        config.forEach((key, value) -> {
            if (!known.contains(key)) {
                problems.add(new Problem(
                        join(path, key),
                        "unknown key '" + key + "'",
                        "known keys: " + String.join(", ", known),
                        known));
            }
        });
        int before = problems.size();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            arguments[i] = readComponent(components[i], config, path, problems);
        }
        if (problems.size() > before) {
            return null;
        }
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException refused) {
            problems.add(new Problem(path, String.valueOf(refused.getCause().getMessage()), "change the settings"));
            return null;
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("settings record " + type.getName() + " cannot be made", impossible);
        }
    }

    private static Object readComponent(
            RecordComponent component, FluxMap config, String path, List<Problem> problems) {
        String key = keyOf(component);
        String at = join(path, key);
        Value value = config.get(key);
        Setting setting = component.getAnnotation(Setting.class);
        Type type = component.getGenericType();
        if (value == null || value instanceof Value.Null) {
            if (setting != null && !setting.byDefault().isEmpty()) {
                return readValue(type, Value.of(setting.byDefault()), at, setting, problems);
            }
            Class<?> raw = raw(type);
            if (raw == Optional.class) {
                return Optional.empty();
            }
            if (raw == List.class) {
                return List.of();
            }
            if (raw == Map.class) {
                return Map.of();
            }
            problems.add(new Problem(at, "'" + key + "' is missing", setting == null ? "give it" : setting.value()));
            return null;
        }
        return readValue(type, value, at, setting, problems);
    }

    private static Object readValue(Type type, Value value, String at, Setting setting, List<Problem> problems) {
        Class<?> raw = raw(type);
        if (raw == Optional.class) {
            return Optional.ofNullable(readValue(argument(type, 0), value, at, setting, problems));
        }
        if (raw == List.class && value instanceof Value.Array array) {
            List<Object> items = new ArrayList<>();
            for (int i = 0; i < array.items().size(); i++) {
                items.add(readValue(argument(type, 0), array.items().get(i), at + "[" + i + "]", setting, problems));
            }
            return items.contains(null) ? null : List.copyOf(items);
        }
        if (raw == Map.class && value instanceof FluxMap map) {
            Map<String, Object> entries = new LinkedHashMap<>();
            map.forEach((key, inner) -> {
                Object read = readValue(argument(type, 1), inner, join(at, key), setting, problems);
                if (read != null) {
                    entries.put(key, read);
                }
            });
            return Map.copyOf(entries);
        }
        if (raw.isRecord() && value instanceof FluxMap map) {
            return readRecord(raw, map, at, problems);
        }
        Object scalar = readScalar(raw, value);
        if (scalar == null) {
            problems.add(new Problem(
                    at, "expected " + typeName(type) + ", found " + describe(value), "write " + example(type)));
        } else if (scalar instanceof Number number && setting != null) {
            checkBounds(number.longValue(), at, setting, problems);
        }
        return scalar;
    }

    private static void checkBounds(long number, String at, Setting setting, List<Problem> problems) {
        if (number < setting.min() || number > setting.max()) {
            problems.add(new Problem(
                    at,
                    number + " is outside " + setting.min() + ".." + setting.max(),
                    "choose a number in that range"));
        }
    }

    private static Object readScalar(Class<?> raw, Value value) {
        String text = switch (value) {
            case Value.Text t -> t.value();
            case Value.Int i -> Long.toString(i.value());
            case Value.Bool b -> Boolean.toString(b.value());
            default -> null;
        };
        if (text == null) {
            return null;
        }
        if (raw == String.class) {
            return value instanceof Value.Text ? text : null;
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
        }
        if (raw == Duration.class) {
            return duration(text);
        }
        if (raw.isEnum()) {
            return Arrays.stream(raw.getEnumConstants())
                    .filter(c -> enumName(c).equals(text))
                    .findFirst()
                    .orElse(null);
        }
        try {
            return raw == int.class || raw == Integer.class
                    ? (Object) Integer.valueOf(text)
                    : raw == long.class || raw == Long.class ? Long.valueOf(text) : null;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    /** {@code 250ms}, {@code 2s}, {@code 5m}, {@code 1h}, {@code 7d}; null for anything else. */
    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static List<Key> keysOf(Class<?> type) {
        List<Key> keys = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Setting setting = component.getAnnotation(Setting.class);
            Type at = component.getGenericType();
            Class<?> raw = raw(at);
            Class<?> element = raw == Optional.class || raw == List.class
                    ? raw(argument(at, 0))
                    : raw == Map.class ? raw(argument(at, 1)) : raw;
            String byDefault = setting == null ? "" : setting.byDefault();
            boolean required = byDefault.isEmpty() && raw != Optional.class && raw != List.class && raw != Map.class;
            List<Key> inside = element.isRecord() ? keysOf(element) : List.of();
            keys.add(new Key(
                    keyOf(component),
                    typeName(at),
                    setting == null ? "" : setting.value(),
                    byDefault,
                    required,
                    setting == null ? Long.MIN_VALUE : setting.min(),
                    setting == null ? Long.MAX_VALUE : setting.max(),
                    inside));
        }
        return List.copyOf(keys);
    }

    private static String typeName(Type type) {
        Class<?> raw = raw(type);
        if (raw == Optional.class) {
            return typeName(argument(type, 0));
        }
        if (raw == List.class) {
            return "list of " + typeName(argument(type, 0));
        }
        if (raw == Map.class) {
            return "map to " + typeName(argument(type, 1));
        }
        if (raw.isEnum()) {
            return Arrays.stream(raw.getEnumConstants())
                    .map(SettingsSchema::enumName)
                    .collect(Collectors.joining(" | "));
        }
        return raw == String.class
                ? "text"
                : raw == Duration.class
                        ? "duration"
                        : raw.isRecord() ? "map" : raw == boolean.class ? "true | false" : "integer";
    }

    private static String example(Type type) {
        Class<?> raw = raw(type);
        return raw == Duration.class ? "a duration such as 250ms, 2s or 5m" : typeName(type);
    }

    /** Kind and, for short scalars, the text: settings are configuration, not payload. */
    private static String describe(Value value) {
        return value instanceof Value.Text t && t.value().length() <= 40 ? "'" + t.value() + "'" : value.kind();
    }

    private static String enumName(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String keyOf(RecordComponent component) {
        return component.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType p ? (Class<?>) p.getRawType() : (Class<?>) type;
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }
}
