package io.fluxrig.gears.iso8583;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import io.fluxrig.spec.Spec;
import java.util.Optional;

/** Reads single fields as settings name them. */
public final class Fields {
    private Fields() {}

    /**
     * The text of a field, by element number, path or alias, or {@code mti}. Numbers are told in decimal, bytes in hex; empty where the field is absent or
     * has parts.
     */
    public static Optional<String> text(FluxMap data, Optional<Spec> spec, String field) {
        String path = field.equals("mti") ? Mti.ELEMENT : field;
        if (data.get(path) instanceof Value.Text direct) {
            return Optional.of(direct.value());
        }
        if (spec.isPresent()) {
            return spec.get().get(data, path).flatMap(Fields::textOf);
        }
        return data.at(path) instanceof FluxMap.Found.Here here ? textOf(here.value()) : Optional.empty();
    }

    private static Optional<String> textOf(Value value) {
        return switch (value) {
            case Value.Text text -> Optional.of(text.value());
            case Value.Int number -> Optional.of(Long.toString(number.value()));
            case Value.BigInt number -> Optional.of(number.value().toString());
            case Value.Decimal number -> Optional.of(number.value().toPlainString());
            case Value.Bin bytes -> Optional.of(bytes.value().hex());
            case Value.Bool truth -> Optional.of(Boolean.toString(truth.value()));
            case Value.Null nothing -> Optional.empty();
            case Value.Float number -> Optional.of(Double.toString(number.value()));
            case Value.Time time -> Optional.of(time.value().toString());
            case Value.Array parts -> Optional.empty();
            case FluxMap parts -> Optional.empty();
        };
    }
}
