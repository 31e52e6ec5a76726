package io.fluxrig.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A disk in memory that forgets on a power cut what was not forced: sector by sector, directory entry by directory entry, as its seed
 * has it. Counts every operation, so that a fault can be put at each of them.
 */
final class SimFileSys implements FileSys {
    static final int SECTOR = 512;

    /** The machine lost its power inside this operation. */
    static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PowerCut() {
            super("power cut", null, false, false);
        }
    }

    /** What goes wrong at an operation. */
    enum Fault {
        POWER_CUT,
        EIO,
        /** The disk is full from here on, until {@link #spaceReturns}. */
        NO_SPACE
    }

    private static final class Inode {
        byte[] content = new byte[0];
        byte[] durable = new byte[0];
        final BitSet dirty = new BitSet();

        /** Only what is dirty goes to the disk: pages that a failed force has called clean stay behind. */
        void settle() {
            durable = Arrays.copyOf(durable, content.length);
            for (int s = dirty.nextSetBit(0); s >= 0; s = dirty.nextSetBit(s + 1)) {
                int from = s * SECTOR;
                System.arraycopy(content, from, durable, from, Math.min(SECTOR, content.length - from));
            }
            dirty.clear();
        }

        Inode copy() {
            Inode copy = new Inode();
            copy.content = content.clone();
            copy.durable = durable.clone();
            copy.dirty.or(dirty);
            return copy;
        }
    }

    private final Random random;
    private final Map<String, Inode> entries = new TreeMap<>();
    private final List<Map<String, Inode>> entriesSinceForce = new ArrayList<>();
    private Map<String, Inode> durableEntries = new TreeMap<>();
    private long operations;
    private long faultAt = -1;
    private Fault fault;
    private boolean cut;
    private boolean full;
    private boolean locked;
    private Predicate<String> lies = name -> false;

    SimFileSys(Random random) {
        this.random = random;
    }

    long operations() {
        return operations;
    }

    void faultAfter(long moreOperations, Fault what) {
        faultAt = operations + moreOperations;
        fault = what;
    }

    void noFault() {
        faultAt = -1;
    }

    boolean isFull() {
        return full;
    }

    void spaceReturns() {
        full = false;
    }

    /** From now on forcing these files does nothing and says that all is well. */
    void liesAbout(Predicate<String> names) {
        lies = names;
    }

    /** The bytes as a reader sees them; changing them is damage. */
    byte[] content(String name) {
        return entries.get(name).content;
    }

    void put(String name, byte[] bytes) {
        Inode inode = new Inode();
        inode.content = bytes.clone();
        inode.durable = bytes.clone();
        entries.put(name, inode);
        durableEntries.put(name, inode);
    }

    void remove(String name) {
        entries.remove(name);
        durableEntries.remove(name);
    }

    SimFileSys copy() {
        SimFileSys copy = new SimFileSys(random);
        entries.forEach((name, inode) -> copy.entries.put(name, inode.copy()));
        copy.durableEntries.putAll(copy.entries);
        return copy;
    }

    /** The power is back: each sector and each directory entry that was not forced is there or not. */
    void powerOn() {
        int kept = random.nextInt(entriesSinceForce.size() + 1);
        Map<String, Inode> survived = kept == 0 ? durableEntries : entriesSinceForce.get(kept - 1);
        double share = random.nextInt(5) / 4.0;
        entries.clear();
        entries.putAll(survived);
        for (Inode inode : entries.values()) {
            byte[] after =
                    Arrays.copyOf(inode.durable, random.nextBoolean() ? inode.content.length : inode.durable.length);
            for (int s = inode.dirty.nextSetBit(0); s >= 0; s = inode.dirty.nextSetBit(s + 1)) {
                int from = s * SECTOR;
                int to = Math.min(from + SECTOR, Math.min(after.length, inode.content.length));
                if (to > from && random.nextDouble() < share) {
                    System.arraycopy(inode.content, from, after, from, to - from);
                }
            }
            inode.content = after;
            inode.durable = after.clone();
            inode.dirty.clear();
        }
        restarted();
        durableEntries = new TreeMap<>(entries);
        entriesSinceForce.clear();
        full = false;
    }

    /** The process is gone, the machine stays: nothing is lost. */
    void restarted() {
        cut = false;
        locked = false;
        faultAt = -1;
    }

    private void step() throws IOException {
        if (cut) {
            throw new PowerCut();
        }
        if (operations++ != faultAt) {
            return;
        }
        switch (fault) {
            case POWER_CUT -> {
                cut = true;
                throw new PowerCut();
            }
            case EIO -> throw new IOException("simulated input/output error");
            case NO_SPACE -> full = true;
        }
    }

    private void needSpace() throws IOException {
        if (full) {
            throw new NoSpaceException("simulated full disk");
        }
    }

    private void changed() {
        entriesSinceForce.add(new TreeMap<>(entries));
    }

    @Override
    public String path(String name) {
        return "sim/" + name;
    }

    @Override
    public List<Entry> list() throws IOException {
        step();
        List<Entry> list = new ArrayList<>();
        entries.forEach((name, inode) -> list.add(new Entry(name, Kind.FILE, inode.content.length)));
        return list;
    }

    @Override
    public OpenFile open(String name, Mode mode) throws IOException {
        step();
        if (mode == Mode.CREATE) {
            needSpace();
            if (entries.containsKey(name)) {
                throw new FileAlreadyExistsException(name);
            }
            entries.put(name, new Inode());
            changed();
        }
        Inode inode = entries.get(name);
        if (inode == null) {
            throw new NoSuchFileException(name);
        }
        return new SimFile(inode);
    }

    @Override
    public void move(String from, String to) throws IOException {
        step();
        Inode inode = entries.remove(from);
        if (inode == null) {
            throw new NoSuchFileException(from);
        }
        entries.put(to, inode);
        changed();
    }

    @Override
    public void delete(String name) throws IOException {
        step();
        if (entries.remove(name) == null) {
            throw new NoSuchFileException(name);
        }
        changed();
    }

    @Override
    public void forceDir() throws IOException {
        step();
        durableEntries = new TreeMap<>(entries);
        entriesSinceForce.clear();
    }

    @Override
    public Optional<Closeable> lock(String name) {
        if (locked) {
            return Optional.empty();
        }
        locked = true;
        return Optional.of(() -> locked = false);
    }

    private String nameOf(Inode inode) {
        Map<Inode, String> names = new HashMap<>();
        entries.forEach((name, i) -> names.put(i, name));
        return names.getOrDefault(inode, "");
    }

    private final class SimFile implements OpenFile {
        private final Inode inode;

        SimFile(Inode inode) {
            this.inode = inode;
        }

        @Override
        public int writeAt(ByteBuffer bytes, long offset) throws IOException {
            boolean whole = true;
            try {
                step();
            } catch (PowerCut e) {
                // The write that was under way may have come as far as the page cache.
                whole = false;
            }
            needSpace();
            int length = bytes.remaining() > 1 && random.nextInt(4) == 0
                    ? 1 + random.nextInt(bytes.remaining() - 1)
                    : bytes.remaining();
            int at = (int) offset;
            if (inode.content.length < at + length) {
                inode.content = Arrays.copyOf(inode.content, at + length);
            }
            bytes.get(inode.content, at, length);
            inode.dirty.set(at / SECTOR, (at + length - 1) / SECTOR + 1);
            if (!whole) {
                throw new PowerCut();
            }
            return length;
        }

        @Override
        public int readAt(ByteBuffer bytes, long offset) throws IOException {
            step();
            int left = inode.content.length - (int) offset;
            if (left <= 0) {
                return -1;
            }
            int n = Math.min(left, bytes.remaining());
            bytes.put(inode.content, (int) offset, n);
            return n;
        }

        @Override
        public void force() throws IOException {
            try {
                step();
            } catch (IOException e) {
                // What the kernel does: the pages are called clean, the reader sees them, the disk does not have them.
                inode.dirty.clear();
                throw e;
            }
            if (!lies.test(nameOf(inode))) {
                inode.settle();
            }
        }

        @Override
        public long size() throws IOException {
            step();
            return inode.content.length;
        }

        @Override
        public void close() {
            // Nothing is flushed by closing.
        }
    }
}
