package io.fluxrig.gears.iso8583;

import io.fluxrig.gear.Intake.SignalClass;
import io.fluxrig.signal.FluxMap;
import java.util.Optional;

/**
 * A message type indicator (ISO 8583:1987, section 4.1): version, class, function, origin. In {@code data} it stands under
 * {@value #ELEMENT}.
 *
 * @param text exactly four digits
 */
public record Mti(String text) {
    /** Where {@code data} holds it. */
    public static final String ELEMENT = "0";

    /** Where {@code meta} holds it. */
    public static final String META = "iso.mti";

    public Mti {
        if (!isMti(text)) {
            throw new IllegalArgumentException("a message type has four digits");
        }
    }

    /** The message type in {@code data}; empty where there is none. */
    public static Optional<Mti> of(FluxMap data) {
        return data.text(ELEMENT).filter(Mti::isMti).map(Mti::new);
    }

    private static boolean isMti(String text) {
        return text.length() == 4 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The second digit: 1 authorization, 2 financial, 4 reversal, 8 network management. */
    public char messageClass() {
        return text.charAt(1);
    }

    private int function() {
        return text.charAt(2) - '0';
    }

    /** Whether this answers another message (response, advice response, acknowledgement). */
    public boolean isResponse() {
        return function() % 2 == 1;
    }

    public boolean isNetworkManagement() {
        return messageClass() == '8';
    }

    /**
     * The type of the answer to this message, for example 0210 to 0200 and 0430 to 0421; empty for an answer and for a notification,
     * which nobody answers. A repeat is answered like its original.
     */
    public Optional<Mti> response() {
        int function = function();
        if (function != 0 && function != 2) {
            return Optional.empty();
        }
        int origin = (text.charAt(3) - '0') & ~1;
        return Optional.of(new Mti(text.substring(0, 2) + (function + 1) + origin));
    }

    /** Which credits a signal of this type lives on. */
    public SignalClass signalClass() {
        if (isResponse()) {
            return SignalClass.REPLY;
        }
        return switch (messageClass()) {
            case '8' -> SignalClass.NETWORK;
            case '4' -> SignalClass.ADVICE;
            default -> function() == 0 ? SignalClass.REQUEST : SignalClass.ADVICE;
        };
    }
}
