package io.fluxrig.signal;

/** Trouble with the formats of FORMATS sections 1 to 6. */
public enum SignalError implements ErrorCode {
    CBOR(
            1001,
            Category.UNTRUSTED,
            "Bytes are not fluxCBOR",
            "send exactly what a fluxCBOR encoder writes; the offset and rule say where it differs"),
    ENVELOPE(
            1002,
            Category.UNTRUSTED,
            "A fluxMsg breaks a rule of its envelope",
            "compare the message with FORMATS section 2"),
    LIMIT(
            1003,
            Category.USAGE,
            "A value lies beyond a limit of the format",
            "make the value smaller; nothing is ever cut silently"),
    TEXT(1004, Category.USAGE, "Text is not well-formed Unicode", "repair the text at its source"),
    ID(1005, Category.USAGE, "Not a fluxID", "give 13 characters of Crockford base32 or a positive decimal number"),
    ENTITY_ID(
            1006,
            Category.USAGE,
            "Not a fluxEntityID",
            "give <type>-<4 hex>-<10 hex>, for example rack-0001-0000000001"),
    CLOCK(
            1007,
            Category.EXTERNAL,
            "The clock is wrong by more than the bound, so no ids are issued",
            "set the clock right; ids go on by themselves"),
    KEY(
            1008,
            Category.USAGE,
            "Not an Ed25519 key in PEM form",
            "make one with 'fluxrig keys generate' or 'openssl genpkey -algorithm ed25519'"),
    ARTIFACT(
            1009,
            Category.UNTRUSTED,
            "Bytes are not a signed artifact of this profile",
            "ask for the file again; FORMATS section 6 says what it must look like"),
    SIGNATURE(
            1010,
            Category.UNTRUSTED,
            "A signature does not verify",
            "do not use the file; ask its signer for the original"),
    UNTRUSTED_KEY(
            1011,
            Category.UNTRUSTED,
            "No pinned key has signed this",
            "pin the signer's public key in trust/<role>/ if you trust it"),
    CHECKPOINT(
            1012,
            Category.UNTRUSTED,
            "Not a signed checkpoint of this log",
            "compare with another copy of the checkpoint"),
    PROOF(1013, Category.UNTRUSTED, "A Merkle proof does not verify", "do not rely on the record; ask for a new proof"),
    RESERVATION(
            1014,
            Category.HELD,
            "The file that remembers used fluxIDs is damaged",
            "restore it from a copy, or enrol the Rack anew so that it gets another machine id");

    private final int number;
    private final Category category;
    private final String summary;
    private final String advice;

    SignalError(int number, Category category, String summary, String advice) {
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
