package io.fluxrig.spec;

import io.fluxrig.spec.FieldDef.Arrangement;
import io.fluxrig.spec.FieldDef.Encoding;
import io.fluxrig.spec.FieldDef.Kind;
import io.fluxrig.spec.FieldDef.LengthForm;
import io.fluxrig.spec.FieldDef.Part;
import io.fluxrig.spec.FieldDef.Parts;
import io.fluxrig.spec.Semantics.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Brings what is said of elements and parts to where they lie on the wire. */
final class Described {
    private Described() {}

    static FieldDef by(FieldDef def, Field field) {
        // Parts that nobody can tell apart on the wire are as sensitive as the worst of them, and with them the whole.
        Sensitivity sensitivity = def.parts().isPresent() ? field.protection().sensitivity() : worst(field);
        FieldDef described = def.described(field.label().name(), field.label().alias(), sensitivity);
        return def.parts()
                .map(parts -> described.with(parts(def, parts, field.parts())))
                .orElse(described);
    }

    private static Sensitivity worst(Field field) {
        Sensitivity worst = field.protection().sensitivity();
        for (Field part : field.parts()) {
            Sensitivity of = worst(part);
            worst = of.compareTo(worst) > 0 ? of : worst;
        }
        return worst;
    }

    private static Parts parts(FieldDef composite, Parts parts, List<Field> fields) {
        List<Part> all = new ArrayList<>();
        for (Part part : parts.parts()) {
            Optional<Field> field = fields.stream()
                    .filter(f -> f.path().parts().getLast().equals(part.id()))
                    .findFirst();
            all.add(field.map(f -> new Part(part.id(), part.from(), part.to(), by(part.def(), f)))
                    .orElse(part));
        }
        if (parts.arrangement() == Arrangement.TLV && parts.tag().isEmpty()) {
            fields.stream()
                    .filter(f -> parts.parts().stream()
                            .noneMatch(p -> p.id().equals(f.path().parts().getLast())))
                    .forEach(f -> all.add(new Part(f.path().parts().getLast(), 0, 0, by(tag(composite, f), f))));
        }
        return parts.with(all);
    }

    /** A tag that only its meaning describes: bytes of any length, or the tags that it contains. */
    private static FieldDef tag(FieldDef composite, Field field) {
        FieldDef plain = new FieldDef(
                composite.number(),
                Kind.BINARY,
                FieldDef.REST,
                Encoding.BINARY,
                LengthForm.NONE,
                0,
                Optional.empty(),
                ' ',
                "",
                Optional.empty(),
                Sensitivity.NONE,
                Optional.empty());
        return field.parts().isEmpty()
                        && !BerTag.isConstructed(field.path().parts().getLast())
                ? plain
                : plain.with(new Parts(
                        Arrangement.TLV,
                        List.of(),
                        0,
                        0,
                        FieldDef.UnknownTags.PRESERVE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }
}
