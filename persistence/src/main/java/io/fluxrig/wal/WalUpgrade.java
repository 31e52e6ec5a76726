package io.fluxrig.wal;

import io.fluxrig.signal.FluxException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A log goes on in the format in which it was made, so that the version before can still read it and a rollout can be undone. Finalizing ends that: from
 * then on it is written in the newest format, and an older version refuses it.
 */
public final class WalUpgrade {
    private WalUpgrade() {}

    /** The newest format that this version writes. */
    public static int newest() {
        return Format.VERSION;
    }

    /**
     * The format that a log is written in.
     *
     * @throws FluxException NO_LOG where there is none
     */
    public static int formatOf(Path dir) {
        try {
            return cookie(new NioFileSys(dir)).version();
        } catch (IOException e) {
            throw unreadable(dir, e);
        }
    }

    /**
     * Raises a log to the newest format; one that has it stays as it is.
     *
     * @return its format now
     * @throws FluxException IN_USE while a node runs on it, NEWER_FORMAT where it is of a later version
     */
    public static int finalizeFormat(Path dir) {
        FileSys fs = new NioFileSys(dir);
        try {
            Cookie cookie = cookie(fs);
            Optional<Closeable> lock = fs.lock(Format.LOCK);
            if (lock.isEmpty()) {
                throw new FluxException(WalError.IN_USE, "'" + dir + "' is in use: stop the node first");
            }
            try (Closeable held = lock.get()) {
                if (cookie.version() < Format.VERSION) {
                    Cookie raised = new Cookie(Format.VERSION, cookie.log(), cookie.owner(), cookie.created());
                    Io.writeWhole(fs, Format.COOKIE, raised.block());
                }
                return Format.VERSION;
            }
        } catch (IOException e) {
            throw unreadable(dir, e);
        }
    }

    private static Cookie cookie(FileSys fs) throws IOException {
        Optional<FileSys.Entry> entry =
                fs.list().stream().filter(e -> e.name().equals(Format.COOKIE)).findFirst();
        if (entry.isEmpty()) {
            throw new FluxException(WalError.NO_LOG, "'" + fs.path("") + "' holds no log");
        }
        Finding[] bad = new Finding[1];
        Cookie cookie = new Sidecars(
                        fs,
                        (kind, file, offset, record, what) -> bad[0] = new Finding(kind, file, offset, record, what))
                .cookie(entry.get());
        if (bad[0] != null) {
            WalError code = bad[0].kind() == Finding.Kind.NEWER ? WalError.NEWER_FORMAT : WalError.DAMAGED;
            throw new FluxException(code, "'" + fs.path("") + "': " + bad[0].line());
        }
        return cookie;
    }

    private static FluxException unreadable(Path dir, IOException e) {
        return new FluxException(WalError.UNREADABLE, "'" + dir + "' cannot be read: " + e.getMessage(), e);
    }
}
