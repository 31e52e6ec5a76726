package io.fluxrig.wal;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** One segment's worth of zeros, made ahead of need, so that a full disk does not surprise the group that needs a new segment. */
final class Reserve {
    private record Made(FileSys.OpenFile file, long size) {}

    private final FileSys fs;
    private final Executor executor;
    private CompletableFuture<Made> made;

    Reserve(FileSys fs, Executor executor) {
        this.fs = fs;
        this.executor = executor;
    }

    /** Begins to make one. */
    void ask(long size) {
        made = CompletableFuture.supplyAsync(() -> make(size), executor);
    }

    /**
     * The file under the reserve's name, zero-filled and forced, at least {@code size} bytes long.
     *
     * @throws NoSpaceException where the disk is full; may be asked again
     */
    FileSys.OpenFile take(long size) throws IOException {
        try {
            Made ready = made == null ? make(size) : made.join();
            if (ready.size() < size) {
                ready.file().close();
                ready = make(size);
            }
            made = CompletableFuture.completedFuture(ready);
            return ready.file();
        } catch (CompletionException e) {
            made = null;
            return retryAfter(e, size);
        } catch (Failed e) {
            made = null;
            throw e.cause;
        }
    }

    private FileSys.OpenFile retryAfter(CompletionException e, long size) throws IOException {
        if (!(e.getCause() instanceof Failed failed)) {
            throw e;
        }
        if (!(failed.cause instanceof NoSpaceException)) {
            throw failed.cause;
        }
        return take(size);
    }

    /** The file was renamed and has become a segment. */
    void used() {
        made = null;
    }

    void close() throws IOException {
        CompletableFuture<Made> last = made;
        made = null;
        if (last == null) {
            return;
        }
        Made ready = last.exceptionally(failed -> null).join();
        if (ready != null) {
            ready.file().close();
        }
    }

    private Made make(long size) {
        try {
            if (fs.list().stream().anyMatch(e -> e.name().equals(Format.RESERVE))) {
                fs.delete(Format.RESERVE);
            }
            FileSys.OpenFile file = fs.open(Format.RESERVE, FileSys.Mode.CREATE);
            try {
                Io.writeZeros(file, 0, size);
                file.force();
            } catch (IOException e) {
                file.close();
                // Space that is half taken would keep the retry from ever succeeding.
                fs.delete(Format.RESERVE);
                throw e;
            }
            return new Made(file, size);
        } catch (IOException e) {
            throw new Failed(e);
        }
    }

    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final IOException cause;

        Failed(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
