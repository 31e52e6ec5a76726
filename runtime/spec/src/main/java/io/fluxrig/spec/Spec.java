package io.fluxrig.spec;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A spec as an immutable program. In {@code data} an element stands under its number ({@code "0"} is the MTI); its alias is another way to name it here.
 */
public final class Spec {
    private final Bytes sha256;
    private final String name;
    private final String version;
    private final Map<Integer, FieldDef> elements;
    private final Map<String, DataPath> paths = new HashMap<>();
    private final boolean iso;
    private final Optional<WireHeader> header;
    private final Codec codec;
    private final boolean classifies;
    private final Semantics semantics;
    private final Validator validator;
    private final Map<String, Mask> masks;

    /** @param iso whether element 0 is a message type of ISO 8583 */
    Spec(
            Bytes sha256,
            String name,
            String version,
            Map<Integer, FieldDef> elements,
            boolean iso,
            Optional<WireHeader> header,
            Semantics semantics) {
        this.sha256 = sha256;
        this.name = name;
        this.version = version;
        this.elements = Map.copyOf(elements);
        this.iso = iso;
        this.header = header;
        semantics.fields().values().forEach(this::name);
        this.codec = new Codec(elements, iso, Sad.of(semantics));
        this.semantics = semantics;
        this.validator = new Validator(semantics);
        this.masks = Mask.of(semantics);
        this.classifies = semantics.fields().values().stream().anyMatch(Spec::classified);
    }

    private void name(Semantics.Field field) {
        field.label().alias().ifPresent(alias -> paths.put(alias, field.path()));
        field.parts().forEach(this::name);
    }

    private static boolean classified(Semantics.Field field) {
        return field.protection().sensitivity() != Sensitivity.NONE
                || field.parts().stream().anyMatch(Spec::classified);
    }

    /** Hash of the bytes it was compiled from. */
    public Bytes sha256() {
        return sha256;
    }

    public String name() {
        return name;
    }

    public String version() {
        return version;
    }

    public Codec codec() {
        return codec;
    }

    /** Checks messages against everything that the spec promises. */
    public Validator validator() {
        return validator;
    }

    Semantics semantics() {
        return semantics;
    }

    Map<Integer, FieldDef> elements() {
        return elements;
    }

    /** Paths by which messages belong together; empty where the spec does not say. */
    public List<String> correlateOn() {
        return semantics.correlateOn().stream().map(DataPath::text).toList();
    }

    /** Whether any element is classified, so that stored messages are encrypted. */
    public boolean classifies() {
        return classifies;
    }

    /** Whether the element or part that an alias or a path names is classified, or any part of it is. */
    public boolean holdsClassified(String path) {
        return path(path)
                .map(to -> semantics.fields().values().stream().anyMatch(field -> classifiedAt(field, to)))
                .orElse(false);
    }

    /** What is said of an element holds for its parts. */
    private static boolean classifiedAt(Semantics.Field field, DataPath to) {
        if (field.path().equals(to)) {
            return classified(field);
        }
        boolean within = to.text().startsWith(field.path().text() + ".");
        return within
                && (field.protection().sensitivity() != Sensitivity.NONE
                        || field.parts().stream().anyMatch(part -> classifiedAt(part, to)));
    }

    /** Of the element or part that an alias or a path names. */
    public Sensitivity sensitivityOf(String path) {
        return described(path).map(FieldDef::sensitivity).orElse(Sensitivity.NONE);
    }

    /** What people call an element or part; empty where the spec says nothing. */
    public String nameOf(String path) {
        return described(path).map(FieldDef::name).orElse("");
    }

    /** The alias of an element or part. */
    public Optional<String> aliasOf(String path) {
        return described(path).flatMap(FieldDef::alias);
    }

    private Optional<FieldDef> described(String path) {
        return path(path).flatMap(to -> {
            FieldDef at = elements.get(to.element());
            for (String id : to.parts()) {
                at = at == null ? null : at.part(id).orElse(null);
            }
            return Optional.ofNullable(at);
        });
    }

    /** Where an alias, a number or {@code number.part} leads; empty for anything else. */
    Optional<DataPath> path(String path) {
        DataPath named = paths.get(path);
        return named != null ? Optional.of(named) : DataPath.parse(path);
    }

    /** The path that an alias stands for; any other name stands for itself. */
    public String pathOf(String name) {
        return path(name).map(DataPath::text).orElse(name);
    }

    /** What the network puts before each message. */
    public Optional<WireHeader> header() {
        return header;
    }

    /** Whether an alias, a number or {@code number.part} leads to something that the spec describes. */
    public boolean knows(String path) {
        return path(path).filter(to -> elements.containsKey(to.element())).isPresent();
    }

    /** Whether an alias or a path leads to an element or part that the spec itself describes: not to what may lie within one. */
    public boolean describes(String path) {
        return described(path).isPresent();
    }

    /** Whether its messages are those of ISO 8583. */
    public boolean isPayment() {
        return iso;
    }

    /** A value by alias, number or {@code number.part}; empty where the message does not have it. */
    public Optional<Value> get(FluxMap data, String path) {
        return path(path)
                .map(to -> to.within(data.get(DataPath.name(to.element()))))
                .or(() -> Optional.ofNullable(data.get(path)));
    }

    /** The same data with a value under an alias, number or {@code number.part}. */
    public FluxMap with(FluxMap data, String path, Value value) {
        return path(path).map(to -> to.with(data, value)).orElseGet(() -> data.with(path, value));
    }

    /** The data with classified values as they may be shown: a card number as first six or eight and last four, everything else as stars. */
    public FluxMap mask(FluxMap data) {
        return Mask.composite(data, masks);
    }

    /** Reads a message and tells everything of it that may be shown. */
    public Explanation explain(byte[] message) {
        return Explanation.of(this, message, masks);
    }

    @Override
    public String toString() {
        return "Spec[" + name + ":" + version + "]";
    }
}
