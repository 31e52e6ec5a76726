package io.fluxrig.node;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do at the management API. Everybody may look; an operator does not see into signals, and an auditor changes nothing. */
public enum Role {
    /** Sees states, figures, scenarios, and what the Mixer knows about signals. */
    VIEWER,
    /** Changes what runs. */
    OPERATOR,
    /** Sees what signals hold; each look is recorded. */
    AUDITOR;

    boolean may(Role needed) {
        return this == needed || needed == VIEWER;
    }

    /** As it is written in token files and certificates. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Role> of(String text) {
        return Arrays.stream(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
