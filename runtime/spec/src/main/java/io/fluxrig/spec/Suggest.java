package io.fluxrig.spec;

import java.util.Collection;
import java.util.Optional;

/** Finds the word that somebody meant. */
public final class Suggest {
    private Suggest() {}

    /** The candidate that is at most two edits away, or a third of the word's length. */
    public static Optional<String> closest(String word, Collection<String> candidates) {
        String best = null;
        int bestDistance = Math.max(2, word.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(word, candidate);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code did you mean 'x'?}, or {@code otherwise}. */
    public static String hint(String word, Collection<String> candidates, String otherwise) {
        return closest(word, candidates).map(c -> "did you mean '" + c + "'?").orElse(otherwise);
    }

    /** Levenshtein's distance; words are bounded by what is compared here: names and keys. */
    private static int distance(String a, String b) {
        if (a.length() > 100 || b.length() > 100) {
            return Integer.MAX_VALUE;
        }
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(change, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
