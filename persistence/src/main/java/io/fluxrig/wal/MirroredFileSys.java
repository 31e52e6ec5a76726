package io.fluxrig.wal;

import io.fluxrig.signal.Mirror;
import io.fluxrig.signal.Mirror.Change;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A directory whose disk is a {@link Mirror}: what lies here is a working copy, and forcing means that the mirror has it. The working copy itself is not forced: a start
 * compares it with the mirror and takes what differs from there. Zeros at the end of a file are told as its size.
 */
final class MirroredFileSys implements FileSys {
    /** So much is held back at most until somebody forces; more goes to the mirror early, as a disk may do. */
    private static final int MOST_HELD = 8 << 20;

    /** A file up to this size is told whole, so that a sidecar that is written over and over is one row. */
    private static final int SMALL = 4096;

    private final FileSys near;
    private final Mirror mirror;
    private final String prefix;
    private final Set<Shadow> open = new HashSet<>();
    /** What happened to names, and to files that were closed before anybody forced them. */
    private final List<Change> settled = new ArrayList<>();
    /** No monitor: whoever waits for the mirror may be a virtual thread, and must not keep others from running. */
    private final ReentrantLock turn = new ReentrantLock();

    /** @param prefix what the mirror's names begin with */
    MirroredFileSys(FileSys near, Mirror mirror, String prefix) {
        this.near = near;
        this.mirror = mirror;
        this.prefix = prefix;
    }

    /** The directory on this disk, mirrored where somebody mirrors it. */
    static FileSys of(Path dir) {
        FileSys near = new NioFileSys(dir);
        return Mirror.of(dir)
                .<FileSys>map(place -> new MirroredFileSys(near, place.mirror(), place.name() + "/"))
                .orElse(near);
    }

    @Override
    public String path(String name) {
        return near.path(name);
    }

    @Override
    public List<Entry> list() throws IOException {
        return near.list();
    }

    /** Whoever only reads never waits for the mirror. */
    @Override
    public OpenFile open(String name, Mode mode) throws IOException {
        return mode == Mode.READ ? near.open(name, mode) : openToWrite(name, mode);
    }

    private OpenFile openToWrite(String name, Mode mode) throws IOException {
        turn.lock();
        try {
            OpenFile file = near.open(name, mode);
            if (mode == Mode.CREATE) {
                settled.add(new Change.Size(prefix + name, 0));
            }
            Shadow shadow = new Shadow(name, file, file.size());
            open.add(shadow);
            return shadow;
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void move(String from, String to) throws IOException {
        turn.lock();
        try {
            near.move(from, to);
            settled.add(new Change.Move(prefix + from, prefix + to));
            open.stream().filter(shadow -> shadow.name.equals(from)).forEach(shadow -> shadow.name = to);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void delete(String name) throws IOException {
        turn.lock();
        try {
            near.delete(name);
            settled.add(new Change.Delete(prefix + name));
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void forceDir() throws IOException {
        ship(null);
    }

    @Override
    public Optional<Closeable> lock(String name) throws IOException {
        return near.lock(name);
    }

    /** One after the other: what was done first arrives first. */
    private void ship(Shadow file) throws IOException {
        turn.lock();
        try {
            List<Change> due = new ArrayList<>(settled);
            if (file != null) {
                due.addAll(file.told());
            }
            if (!due.isEmpty()) {
                mirror.keep(due);
                settled.clear();
                if (file != null) {
                    file.forget();
                }
            }
        } finally {
            turn.unlock();
        }
    }

    /** An open file and what was done to it since the mirror had it. Its name changes when the file is moved. */
    private final class Shadow implements OpenFile {
        private final OpenFile file;
        private final List<Change.Write> writes = new ArrayList<>();
        private String name;
        private long size;
        private boolean grown;
        private int held;
        /** From here on nobody has written: what stands there is zero. */
        private long written;

        Shadow(String name, OpenFile file, long size) {
            this.name = name;
            this.file = file;
            this.size = size;
            this.written = size;
        }

        @Override
        public int writeAt(ByteBuffer bytes, long offset) throws IOException {
            byte[] content = new byte[bytes.remaining()];
            bytes.duplicate().get(content);
            boolean news = offset < written ? !isThere(content, offset) : !isZero(content);
            int n = file.writeAt(bytes, offset);
            note(offset, n == content.length ? content : Arrays.copyOf(content, n), news);
            return n;
        }

        private void note(long offset, byte[] content, boolean news) throws IOException {
            turn.lock();
            try {
                long end = offset + content.length;
                grown |= end > size;
                size = Math.max(size, end);
                if (news) {
                    writes.add(new Change.Write(name, offset, content));
                    written = Math.max(written, end);
                    held += content.length;
                }
            } finally {
                turn.unlock();
            }
            if (held > MOST_HELD) {
                force();
            }
        }

        private boolean isThere(byte[] content, long offset) throws IOException {
            ByteBuffer here = ByteBuffer.allocate(content.length);
            return Io.read(file, here, offset) == content.length && Arrays.equals(here.array(), content);
        }

        private static boolean isZero(byte[] content) {
            for (byte b : content) {
                if (b != 0) {
                    return false;
                }
            }
            return true;
        }

        /** As the mirror is to be told. */
        List<Change> told() throws IOException {
            String its = prefix + name;
            if (size <= SMALL && !writes.isEmpty()) {
                return List.of(new Change.Replace(its, Io.readExactly(file, 0, (int) size)));
            }
            List<Change> all = new ArrayList<>();
            if (grown) {
                all.add(new Change.Size(its, size));
            }
            writes.forEach(write -> all.add(new Change.Write(its, write.at(), write.content())));
            return all;
        }

        void forget() {
            writes.clear();
            grown = false;
            held = 0;
        }

        @Override
        public int readAt(ByteBuffer bytes, long offset) throws IOException {
            return file.readAt(bytes, offset);
        }

        @Override
        public void force() throws IOException {
            ship(this);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            turn.lock();
            try {
                if (open.remove(this)) {
                    settled.addAll(told());
                }
            } finally {
                turn.unlock();
            }
            file.close();
        }
    }
}
