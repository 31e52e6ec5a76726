package io.fluxrig.spec;

import io.fluxrig.signal.Value;

/** What may be shown of a classified value (PCI DSS 3.4.1). */
final class Mask {
    private static final int BIN = 6;
    private static final int LAST = 4;
    private static final int SHORTEST_PAN = 13;

    private Mask() {}

    static String of(Value value, Sensitivity sensitivity) {
        if (sensitivity == Sensitivity.PAN
                && value instanceof Value.Text text
                && text.value().length() >= SHORTEST_PAN) {
            String pan = text.value();
            return pan.substring(0, BIN) + "*".repeat(pan.length() - BIN - LAST) + pan.substring(pan.length() - LAST);
        }
        return "***";
    }
}
