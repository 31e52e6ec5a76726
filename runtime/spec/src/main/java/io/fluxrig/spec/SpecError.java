package io.fluxrig.spec;

import io.fluxrig.signal.ErrorCode;

/** Trouble with files that people write, the blob store, and messages that do not fit their spec. */
public enum SpecError implements ErrorCode {
    YAML(
            2001,
            Category.FINDINGS,
            "Not YAML of the accepted form",
            "see the position; aliases, tags, merge keys and duplicate keys are not accepted"),
    UNKNOWN_KEY(2002, Category.FINDINGS, "A key is not known here", "remove it, correct it, or prefix it with x-"),
    MISSING(2003, Category.FINDINGS, "Something required is missing", "add it"),
    VALUE(2004, Category.FINDINGS, "A value is not one of the accepted ones", "use one of the named values"),
    BASE(
            2005,
            Category.FINDINGS,
            "The base of a spec cannot be used",
            "name moov:spec87ascii or a file beside the spec"),
    CLASSIFIED(
            2006,
            Category.FINDINGS,
            "A classified field is not protected",
            "drop log_mask: false, or classify the field"),
    ALIAS(
            2007,
            Category.FINDINGS,
            "An alias is used twice or malformed",
            "give each field an alias of its own, dotted and lower case"),
    UNSUPPORTED(
            2008,
            Category.FINDINGS,
            "This version does not support that part of the language",
            "describe the field without it"),
    HASH(
            2011,
            Category.UNTRUSTED,
            "A blob's bytes are not the ones that were hashed",
            "the blob was quarantined; import the original again"),
    NO_BLOB(
            2012,
            Category.UNTRUSTED,
            "A blob is not in the store",
            "import the spec on this machine with 'fluxrig spec import'"),
    REFERENCE(
            2013,
            Category.USAGE,
            "Not a reference",
            "write name:1.2.3, name:latest or sha256:<64 lower-case hex digits>"),
    TAG_MOVED(
            2014,
            Category.UNTRUSTED,
            "Other bytes were filed under this version before",
            "a tag never moves: raise the version"),
    STORE(2015, Category.EXTERNAL, "The store cannot be read or written", "look at the disk and its permissions"),
    ENCODE(2016, Category.EXTERNAL, "A value does not fit its field", "compare the value with the spec"),
    MISMATCH(
            2017,
            Category.EXTERNAL,
            "Wire bytes and data of a message do not tell the same",
            "encode raw anew after changing data"),
    MISPLACED(
            2030,
            Category.FINDINGS,
            "Something about bytes stands where meaning is described",
            "move it to the element under wire.fields"),
    PATH(2031, Category.FINDINGS, "A path leads to nothing that the spec describes", "name an element, part or alias"),
    EXPRESSION(
            2032,
            Category.FINDINGS,
            "An expression cannot be read",
            "see the position; docs/spec-language.md has the language"),
    MESSAGE(2033, Category.FINDINGS, "A message type is not in the catalogue", "add it to messages.catalog"),
    ENUM(2034, Category.FINDINGS, "An enum is not known", "add it under enums"),
    FORMAT(2035, Category.FINDINGS, "A format does not fit its field", "compare it with type and length on the wire"),
    EXTENDS(2036, Category.FINDINGS, "A spec cannot be extended", "name a spec file beside this one, without circles"),
    UNREADABLE(
            2040,
            Category.EXTERNAL,
            "A message cannot be read by the spec",
            "compare the message with the spec at the named field and offset"),
    HEADER(
            2041,
            Category.EXTERNAL,
            "A frame does not begin as the spec's network header says",
            "compare it with wire.header of the spec"),
    UNCLASSIFIED(
            2042,
            Category.FINDINGS,
            "Track data, a PIN block or what stands for them in a chip is not classified",
            "write sensitivity: sad, so that it is never stored"),
    RULE(2037, Category.FINDINGS, "A rule contradicts itself or another", "keep one of the two");

    private final int number;
    private final Category category;
    private final String summary;
    private final String advice;

    SpecError(int number, Category category, String summary, String advice) {
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
