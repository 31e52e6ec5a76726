package io.fluxrig.wal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The sidecar with its two slots. Written before a group is acknowledged, forced when the log is idle and before it moves on. */
final class WatermarkFile {
    private final FileSys.OpenFile file;
    private Watermark last;
    private boolean dirty;

    private WatermarkFile(FileSys.OpenFile file, Watermark last) {
        this.file = file;
        this.last = last;
    }

    /** Makes the file with two whole slots. */
    static void create(FileSys fs, Watermark first) throws IOException {
        ByteBuffer both = ByteBuffer.allocate(2 * Block.SIZE);
        Watermark second = first.again(false);
        both.put((int) first.slotOffset(), first.block().array());
        both.put((int) second.slotOffset(), second.block().array());
        Io.writeWhole(fs, Format.WATERMARK, both);
    }

    static WatermarkFile open(FileSys fs, Watermark last) throws IOException {
        return new WatermarkFile(fs.open(Format.WATERMARK, FileSys.Mode.WRITE), last);
    }

    Watermark last() {
        return last;
    }

    void write(boolean closed, long segment, long end, long number, byte[] chain) throws IOException {
        Watermark next = new Watermark(last.log(), closed, last.counter() + 1, segment, end, number, chain);
        Io.writeFully(file, next.block(), next.slotOffset());
        last = next;
        dirty = true;
    }

    boolean dirty() {
        return dirty;
    }

    void force() throws IOException {
        file.force();
        dirty = false;
    }

    void close() throws IOException {
        file.close();
    }
}
