package io.fluxrig.gear;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The gear types that a program knows, by name. */
public final class GearTypes {
    private final Map<String, GearType<?>> types = new TreeMap<>();

    private GearTypes(Iterable<? extends GearType<?>> all) {
        for (GearType<?> type : all) {
            GearType<?> other = types.putIfAbsent(type.name(), type);
            if (other != null) {
                throw new IllegalStateException("two gear types are called '" + type.name() + "'");
            }
        }
    }

    public static GearTypes of(Collection<? extends GearType<?>> types) {
        return new GearTypes(types);
    }

    /** Those that this class loader finds. */
    @SuppressWarnings("rawtypes")
    public static GearTypes load(ClassLoader loader) {
        return new GearTypes(ServiceLoader.load(GearType.class, loader).stream()
                .<GearType<?>>map(provider -> provider.get())
                .toList());
    }

    /** These and {@code more}. */
    public GearTypes and(Collection<? extends GearType<?>> more) {
        List<GearType<?>> all = new ArrayList<>(types.values());
        all.addAll(more);
        return new GearTypes(all);
    }

    public Optional<GearType<?>> find(String name) {
        return Optional.ofNullable(types.get(name));
    }

    public Collection<GearType<?>> all() {
        return types.values();
    }
}
