package io.fluxrig.node;

import java.util.Set;

/** Who asks the management API, and as what. */
record Caller(String name, Set<Role> roles) {
    /** Somebody on the machine of a node that knows no tokens. */
    static final Caller LOCAL = new Caller("loopback", Set.of(Role.OPERATOR));

    boolean may(Role needed) {
        return roles.stream().anyMatch(role -> role.may(needed));
    }
}
