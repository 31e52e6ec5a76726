package io.fluxrig.wal;

import java.io.IOException;

/** The disk or the quota is full: the one error after which the same write may be tried again. */
final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    NoSpaceException(String what) {
        super(what);
    }
}
