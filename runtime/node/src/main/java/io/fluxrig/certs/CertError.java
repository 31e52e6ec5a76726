package io.fluxrig.certs;

import io.fluxrig.signal.ErrorCode;

/** Trouble with certificates. */
public enum CertError implements ErrorCode {
    FILES(
            7010,
            Category.USAGE,
            "Certificate files cannot be used",
            "look at the file that is named; 'fluxrig certs show' reads it too"),
    NO_AUTHORITY(
            7011,
            Category.USAGE,
            "There is no certificate authority here",
            "make one with 'fluxrig certs init --ca DIR'"),
    AUTHORITY_EXISTS(
            7012,
            Category.HELD,
            "There is a certificate authority here already",
            "use it, or give another directory; nothing is overwritten"),
    ROTATION(
            7013,
            Category.HELD,
            "This step of a change of authority is not due",
            "first 'rotate', then 'rotate --switch', then 'rotate --finish'"),
    PEER(
            7014,
            Category.UNTRUSTED,
            "A peer's certificate does not entitle it to talk to this site",
            "issue it one with the site and a role: 'fluxrig certs issue'"),
    NAME(
            7015,
            Category.USAGE,
            "This cannot stand in a certificate",
            "use DNS names, addresses, and the roles mixer, rack, viewer, operator and auditor"),
    ROLE(
            7016,
            Category.UNTRUSTED,
            "A node announces roles that its certificate does not give it",
            "issue it a certificate with these roles: 'fluxrig certs issue --role', or correct FLUXRIG_SEED_NODES"),
    BOUNDS(
            7017,
            Category.UNTRUSTED,
            "A node says more at once, or more often, than one may",
            "its connection has been ended; find out what runs there, and if it is not yours, take another authority ('fluxrig certs rotate'); for more than one may say, -Dfluxrig.tls.peer.frames-per-second and .bytes-per-second in FLUXRIG_JAVA_OPTS");

    private final int number;
    private final Category category;
    private final String summary;
    private final String advice;

    CertError(int number, Category category, String summary, String advice) {
        this.number = number;
        this.category = category;
        this.summary = summary;
        this.advice = advice;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public Category category() {
        return category;
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public String advice() {
        return advice;
    }
}
