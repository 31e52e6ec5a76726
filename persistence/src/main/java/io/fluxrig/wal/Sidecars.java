package io.fluxrig.wal;

import io.fluxrig.wal.Finding.Kind;
import java.io.IOException;
import java.util.Arrays;

/** Reads what lies beside the segments: the log's identity and its watermark. */
final class Sidecars {
    /** Takes a finding. */
    interface Found {
        void find(Kind kind, String file, long offset, long record, String what);
    }

    private static final int LOOKS = 3;

    private final FileSys fs;
    private final Found found;

    Sidecars(FileSys fs, Found found) {
        this.fs = fs;
        this.found = found;
    }

    /** Null where there is none or it is damaged. */
    Cookie cookie(FileSys.Entry entry) throws IOException {
        if (entry == null) {
            return null;
        }
        byte[] block = block(entry, Block.SIZE);
        Cookie cookie = block == null ? null : Cookie.parse(block);
        if (cookie == null) {
            found.find(Kind.DAMAGE, Format.COOKIE, 0, -1, "the log's identity is damaged");
        } else if (cookie.version() > Format.VERSION) {
            found.find(
                    Kind.NEWER,
                    Format.COOKIE,
                    -1,
                    -1,
                    "format " + cookie.version() + ", known up to " + Format.VERSION);
        }
        return cookie;
    }

    /** The newer of the slots that are whole; null where there is none. */
    Watermark watermark(FileSys.Entry entry, Cookie cookie) throws IOException {
        if (entry == null) {
            return null;
        }
        Watermark newest = null;
        for (int slot = 0; slot < 2; slot++) {
            Watermark read = slot(entry, slot);
            if (read == null) {
                found.find(Kind.SLOT, Format.WATERMARK, (long) slot * Block.SIZE, -1, "slot " + slot + " is damaged");
            } else if (cookie != null && !read.log().equals(cookie.log())) {
                found.find(
                        Kind.FOREIGN,
                        Format.WATERMARK,
                        -1,
                        -1,
                        "of log " + read.log() + " in the directory of log " + cookie.log());
            } else if (newest == null || read.counter() > newest.counter()) {
                newest = read;
            }
        }
        if (newest == null) {
            found.find(Kind.DAMAGE, Format.WATERMARK, -1, -1, "no slot of the watermark is whole");
        }
        return newest;
    }

    /** Null where there is none that can be used: then a start reads the whole log. */
    Landmark landmark(FileSys.Entry entry, Cookie cookie) throws IOException {
        if (entry == null) {
            return null;
        }
        Landmark landmark = entry.kind() == FileSys.Kind.FILE ? Landmark.read(fs) : null;
        if (landmark == null) {
            found.find(Kind.SLOT, Landmark.FILE, -1, -1, "is damaged; a start reads the whole log without it");
        } else if (cookie != null && !landmark.log().equals(cookie.log())) {
            found.find(Kind.SLOT, Landmark.FILE, -1, -1, "of log " + landmark.log() + "; a start does without it");
            return null;
        }
        return landmark;
    }

    /** Null where nothing was moved away, or the record of it cannot be used. */
    Archived archived(FileSys.Entry entry, Cookie cookie) throws IOException {
        if (entry == null) {
            return null;
        }
        Archived archived = entry.kind() == FileSys.Kind.FILE ? Archived.read(fs) : null;
        if (archived == null) {
            found.find(Kind.DAMAGE, Archived.FILE, -1, -1, "the record of what was moved away is damaged");
        } else if (cookie != null && !archived.end().log().equals(cookie.log())) {
            found.find(
                    Kind.FOREIGN,
                    Archived.FILE,
                    -1,
                    -1,
                    "of log " + archived.end().log());
            return null;
        }
        return archived;
    }

    /** Looks again where a live writer may just be writing. */
    private Watermark slot(FileSys.Entry entry, int slot) throws IOException {
        for (int look = 0; look < LOOKS; look++) {
            byte[] both = block(entry, 2 * Block.SIZE);
            if (both == null) {
                return null;
            }
            Watermark read = Watermark.parse(Arrays.copyOfRange(both, slot * Block.SIZE, (slot + 1) * Block.SIZE));
            if (read != null && read.slotOffset() == (long) slot * Block.SIZE) {
                return read;
            }
        }
        return null;
    }

    private byte[] block(FileSys.Entry entry, int size) throws IOException {
        if (entry.kind() != FileSys.Kind.FILE) {
            found.find(Kind.FOREIGN, entry.name(), -1, -1, "is not a regular file");
            return null;
        }
        if (entry.size() != size) {
            return null;
        }
        try (FileSys.OpenFile file = fs.open(entry.name(), FileSys.Mode.READ)) {
            return Io.readExactly(file, 0, size);
        }
    }
}
