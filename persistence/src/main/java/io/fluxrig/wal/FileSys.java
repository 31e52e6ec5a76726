package io.fluxrig.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** One directory on a disk, with exactly the operations on which durability rests. Names are plain, without separators. */
interface FileSys {
    /** What a name stands for, not followed where it is a link. */
    enum Kind {
        FILE,
        DIRECTORY,
        LINK,
        OTHER
    }

    record Entry(String name, Kind kind, long size) {}

    enum Mode {
        READ,
        WRITE,
        /** Refuses a name that exists. */
        CREATE
    }

    /** An open file; used by one thread. */
    interface OpenFile extends Closeable {
        /** May write less than remains. @throws NoSpaceException where the disk is full */
        int writeAt(ByteBuffer bytes, long offset) throws IOException;

        /** May read less than remains; -1 at the end. */
        int readAt(ByteBuffer bytes, long offset) throws IOException;

        /** Returns when every byte written so far is on the disk. After an error nothing is known of those bytes. */
        void force() throws IOException;

        long size() throws IOException;
    }

    /** For messages. */
    String path(String name);

    List<Entry> list() throws IOException;

    OpenFile open(String name, Mode mode) throws IOException;

    /** Atomic; replaces what the new name stood for. Durable after {@link #forceDir}. */
    void move(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Returns when every creation, move and deletion so far is on the disk. */
    void forceDir() throws IOException;

    /** Empty where somebody else holds it, in this process or another. */
    Optional<Closeable> lock(String name) throws IOException;
}
