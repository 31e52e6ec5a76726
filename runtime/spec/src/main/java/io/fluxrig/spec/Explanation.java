package io.fluxrig.spec;

import io.fluxrig.signal.Value;
import io.fluxrig.spec.WireCursor.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A message told field by field: where each lies, its bytes and what they mean, classified ones masked.
 *
 * @param rows in the order of the bytes, an element before its parts
 * @param stop where reading stopped and why; empty where all of it could be read
 */
public record Explanation(List<Row> rows, Optional<Codec.Decoded.Unreadable> stop) {
    /**
     * @param path {@code 0} the message type, {@code 1} the bitmap, {@code 55.9F02} a part
     * @param length in bytes, with the length that stands before an element's value
     * @param raw in hex; stars where the value is classified
     * @param value stars where it is classified; empty for a composite, whose parts follow
     */
    public record Row(
            String path, String name, Optional<String> alias, int offset, int length, String raw, String value) {}

    public Explanation {
        rows = List.copyOf(rows);
    }

    static Explanation of(Spec spec, byte[] message, Map<String, Mask> masks) {
        Codec.Observed seen = spec.codec().observe(message);
        Map<String, Place> whole = new HashMap<>();
        seen.elements().forEach(place -> whole.put(place.path(), place));
        List<Place> places = new ArrayList<>(seen.elements());
        // An element that was read stands there with its length already.
        seen.values().stream().filter(place -> !whole.containsKey(place.path())).forEach(places::add);
        places.sort(Comparator.comparingInt(Place::from)
                .thenComparing(Comparator.comparingInt(Place::to).reversed())
                .thenComparingInt(place -> place.path().length()));
        List<Row> rows = new ArrayList<>();
        for (Place place : places) {
            rows.add(row(spec, message, place, masks));
        }
        Optional<Codec.Decoded.Unreadable> stop = seen.outcome() instanceof Codec.Decoded.Unreadable unreadable
                ? Optional.of(unreadable)
                : Optional.empty();
        return new Explanation(rows, stop);
    }

    private static Row row(Spec spec, byte[] message, Place place, Map<String, Mask> masks) {
        DataPath path = DataPath.parse(place.path()).orElseThrow();
        Value shown = Mask.show(masks, path, place.value());
        boolean open = shown.equals(place.value());
        String raw = HexFormat.of().formatHex(message, place.from(), place.to());
        String text = Elements.characters(shown);
        return new Row(
                place.path(),
                spec.nameOf(place.path()),
                spec.aliasOf(place.path()),
                place.from(),
                place.to() - place.from(),
                open ? raw : "***",
                text == null ? "" : text);
    }
}
