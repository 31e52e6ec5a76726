package io.fluxrig.spec;

import java.util.ArrayList;
import java.util.List;

/** Finds what must never be stored (PCI DSS 3.3.1) and is not called so. */
final class Unclassified {
    private static final List<String> ELEMENTS = List.of("35", "36", "45", "52");
    private static final String CHIP = "55";
    private static final List<String> TAGS = List.of("56", "57", "99", "9F1F", "9F20", "9F6B");

    private Unclassified() {}

    /** Elements and tags that the spec's messages can hold; empty where its messages are not those of ISO 8583. */
    static List<String> of(Spec spec) {
        List<String> open = new ArrayList<>();
        if (!spec.isPayment()) {
            return open;
        }
        ELEMENTS.stream().filter(element -> isOpen(spec, element)).forEach(open::add);
        if (isOpen(spec, CHIP)) {
            TAGS.stream()
                    .map(tag -> CHIP + "." + tag)
                    .filter(path -> spec.sensitivityOf(path) != Sensitivity.SAD)
                    .forEach(open::add);
        }
        return open;
    }

    private static boolean isOpen(Spec spec, String element) {
        return spec.knows(element) && spec.sensitivityOf(element) != Sensitivity.SAD;
    }
}
