package io.fluxrig.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Test cards. Every number begins with 9999, which no scheme has, has 16 digits and passes Luhn. The fifth digit is the route: 1 alpha, 2 beta, 3
 * none. The sixth is how the scheme's host treats the card, so that hosts and terminals need not talk about it.
 */
public final class Cards {
    /** How a card is treated by the scheme. */
    public enum Kind {
        NORMAL(0),
        /** Always declined with 05. */
        DECLINED(5),
        /** Answered after the switch has given up. */
        LATE(6),
        /** Never answered. */
        SILENT(7),
        /** Answered twice. */
        TWICE(8);

        private final int digit;

        Kind(int digit) {
            this.digit = digit;
        }

        static Kind of(String pan) {
            int digit = pan.length() > 5 ? pan.charAt(5) - '0' : 0;
            for (Kind kind : values()) {
                if (kind.digit == digit) {
                    return kind;
                }
            }
            return NORMAL;
        }
    }

    /** Where a card's requests go. */
    public enum Network {
        ALPHA("99991"),
        BETA("99992"),
        NO_ROUTE("99993");

        private final String prefix;

        Network(String prefix) {
            this.prefix = prefix;
        }

        /** The first five digits of its cards. */
        public String prefix() {
            return prefix;
        }
    }

    private static final int NORMAL_CARDS = 50;

    private Cards() {}

    /** The card of this network and kind with this index, 0..999,999,999. Always the same. */
    public static String card(Network network, Kind kind, int index) {
        String body = network.prefix + kind.digit + String.format("%09d", index);
        return body + luhnDigit(body);
    }

    /** How the scheme treats this card. */
    public static Kind kindOf(String pan) {
        return Kind.of(pan);
    }

    /** Every card number that a terminal of the simulator uses: what a search for leaked numbers looks for. */
    public static List<String> all() {
        List<String> all = new ArrayList<>();
        for (Network network : Network.values()) {
            for (Kind kind : Kind.values()) {
                for (int i = 0; i < count(kind); i++) {
                    all.add(card(network, kind, i));
                }
            }
        }
        return List.copyOf(all);
    }

    private static int count(Kind kind) {
        return kind == Kind.NORMAL ? NORMAL_CARDS : 1;
    }

    /** A card as a shop sees them: nearly all are normal, a few are not, and one in a hundred has no route. */
    static String draw(SplittableRandom chance) {
        int of1000 = chance.nextInt(1000);
        Network network = of1000 < 10 ? Network.NO_ROUTE : chance.nextBoolean() ? Network.ALPHA : Network.BETA;
        Kind kind = kindFor(chance.nextInt(1000));
        return card(network, kind, chance.nextInt(count(kind)));
    }

    private static Kind kindFor(int of1000) {
        if (of1000 < 2) {
            return Kind.LATE;
        }
        if (of1000 < 4) {
            return Kind.SILENT;
        }
        if (of1000 < 9) {
            return Kind.TWICE;
        }
        return of1000 < 39 ? Kind.DECLINED : Kind.NORMAL;
    }

    /** First six and last four, as a receipt shows it. */
    public static String masked(String pan) {
        return pan.length() < 13
                ? "*".repeat(pan.length())
                : pan.substring(0, 6) + "*".repeat(pan.length() - 10) + pan.substring(pan.length() - 4);
    }

    static char luhnDigit(String body) {
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            int digit = body.charAt(body.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? 2 * digit : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return (char) ('0' + (10 - sum % 10) % 10);
    }
}
