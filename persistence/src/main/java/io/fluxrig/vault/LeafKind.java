package io.fluxrig.vault;

/** The kinds of leaves that this version writes (FORMATS section 7). */
public enum LeafKind {
    INGRESS("ingress"),
    EMIT("emit"),
    TIMER("timer"),
    EGRESS("egress"),
    REDRIVE("redrive"),
    DONE("done"),
    FAILED("failed"),
    CONTROL("control");

    private final String text;

    LeafKind(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
