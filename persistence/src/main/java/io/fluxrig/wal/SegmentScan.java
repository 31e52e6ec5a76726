package io.fluxrig.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Walks through one segment, group by group, and checks everything on the way: heads, CRC, padding, order, chain. */
final class SegmentScan {
    private static final long ANY = -1;

    private final Window window;
    private final int salt;
    private final FrameBody bodies;
    private final Chain hash = new Chain();
    private long at;
    private long number;
    private byte[] chain;
    private long durableThrough;
    private int sealIndex;

    private SegmentScan(Window window, int salt, FrameBody bodies, long at, long number, byte[] chain) {
        this.window = window;
        this.salt = salt;
        this.bodies = bodies;
        this.at = at;
        this.number = number;
        this.chain = chain;
    }

    /**
     * From the first frame on.
     *
     * @param names persistence ids by number, added to on the way
     */
    static SegmentScan whole(
            FileSys.OpenFile file, long size, SegmentHeader header, Map<Integer, String> names, boolean payloads) {
        FrameBody bodies = new FrameBody(Format.segmentName(header.index()), names, payloads);
        return new SegmentScan(
                new Window(file, size), header.salt(), bodies, Block.SIZE, header.firstNumber(), header.previous());
    }

    /** From the beginning of some group on, with the chain taken up at its end. */
    static SegmentScan from(
            FileSys.OpenFile file,
            SegmentHeader header,
            long groupStart,
            Map<Integer, String> names,
            boolean payloads) {
        FrameBody bodies = new FrameBody(Format.segmentName(header.index()), names, payloads);
        return new SegmentScan(new Window(file, header.size()), header.salt(), bodies, groupStart, ANY, null);
    }

    Window window() {
        return window;
    }

    /** The number that the next frame has. */
    long number() {
        return number;
    }

    /** Over everything so far; null before the first commit after a jump. */
    byte[] chain() {
        return chain;
    }

    Step next() throws IOException {
        long start = at;
        long first = number;
        List<Frame> frames = new ArrayList<>();
        hash.begin(chain == null ? new byte[Format.CHAIN] : chain);
        while (true) {
            if (nothingAt(at)) {
                return frames.isEmpty() ? new Step.End(at) : bad(start, frames, "the group has no commit");
            }
            long offset = at;
            String wrong = headProblem(offset, number == ANY ? 0 : frames.isEmpty() ? number : first);
            if (wrong != null) {
                return bad(start, frames, wrong);
            }
            Frame frame;
            try {
                frame = take(offset);
            } catch (FrameBody.Malformed e) {
                return bad(start, frames, e.getMessage());
            }
            if (frames.isEmpty()) {
                first = number;
            }
            number++;
            if (frame instanceof Frame.Commit commit) {
                String broken = commitProblem(commit, frames.size());
                if (broken != null) {
                    number--;
                    return badAt(offset, start, frames, broken);
                }
                chain = commit.chain();
                return new Step.Group(start, at, first, number - 1, frames);
            }
            if (frame instanceof Frame.Seal seal) {
                return seal(seal, frames, start, offset);
            }
            frames.add(frame);
        }
    }

    private Step seal(Frame.Seal seal, List<Frame> frames, long start, long offset) {
        boolean fits = frames.isEmpty() && (chain == null || Arrays.equals(chain, seal.chain()));
        if (!fits) {
            number--;
            return badAt(offset, start, frames, "the footer does not fit what is before it");
        }
        if (chain == null) {
            hash.begin(seal.chain());
        }
        ByteBuffer bytes = window.bytes();
        hash.add(bytes, sealIndex, Format.SEAL_LENGTH);
        chain = hash.end();
        return new Step.Sealed(start, at, number - 1);
    }

    private boolean nothingAt(long offset) throws IOException {
        return window.size() - offset < Format.HEAD + Format.CRC
                || window.bytes().getInt(window.at(offset, 4)) == 0;
    }

    private String headProblem(long offset, long groupFirst) throws IOException {
        int index = window.at(offset, Format.HEAD);
        ByteBuffer b = window.bytes();
        int length = b.getInt(index);
        if (length < Format.HEAD + Format.CRC || length > window.size() - offset) {
            return "a frame length of " + length;
        }
        long found = b.getLong(index + 8);
        if (b.getShort(index + 6) != 0) {
            return "reserved bytes are not zero";
        }
        if (number != ANY && found != number) {
            return "frame " + found + " where frame " + number + " is due";
        }
        long durable = b.getLong(index + 16);
        if (number != ANY && (durable < durableThrough || durable >= groupFirst)) {
            return "durableThrough " + durable + " does not fit";
        }
        if (!window.crcFits(salt, offset, length)) {
            return "the CRC does not fit";
        }
        int padding = Format.aligned(length) - length;
        if (window.size() - offset - length < padding
                || window.lastNonZero(offset + length, offset + length + padding) >= 0) {
            return "padding is not zero";
        }
        number = found;
        durableThrough = durable;
        return null;
    }

    private Frame take(long offset) throws IOException, FrameBody.Malformed {
        int length = window.bytes().getInt(window.at(offset, 4));
        int index = window.at(offset, length);
        ByteBuffer b = window.bytes();
        byte type = b.get(index + 4);
        ByteBuffer body = b.duplicate().limit(index + length - Format.CRC).position(index + Format.HEAD);
        Frame frame = bodies.decode(type, b.get(index + 5), body, offset, number);
        if (type == Format.SEAL) {
            sealIndex = index;
        } else if (type != Format.COMMIT) {
            hash.add(b, index, length);
        }
        at = offset + Format.aligned(length);
        return frame;
    }

    private String commitProblem(Frame.Commit commit, int frames) {
        if (chain == null) {
            // After a jump what was before is not known: the commit is taken at its word, its CRC fits.
            return null;
        }
        if (commit.frames() != frames) {
            return "a commit over " + commit.frames() + " frames after " + frames;
        }
        return Arrays.equals(hash.end(), commit.chain()) ? null : "the chain hash does not fit";
    }

    private Step bad(long groupStart, List<Frame> frames, String why) {
        return badAt(at, groupStart, frames, why);
    }

    private Step badAt(long offset, long groupStart, List<Frame> frames, String why) {
        return new Step.Bad(offset, groupStart, number, why, List.copyOf(frames));
    }

    /** Reads again from the beginning of a group: a live writer may have finished it by now. */
    void rewind(long groupStart, long groupFirst, byte[] chainBefore) {
        at = groupStart;
        number = groupFirst;
        chain = chainBefore;
        window.forget();
    }

    /**
     * Looks behind a bad place for the next whole frame and goes on from there.
     *
     * @return the highest durableThrough of all whole frames behind it, or -1 where there is none
     */
    long skipTo(long after) throws IOException {
        long floor = number;
        long highest = -1;
        long offset = (after + Format.ALIGN) & -Format.ALIGN;
        while (window.size() - offset >= Format.HEAD + Format.CRC) {
            int length = wholeFrameAt(offset, floor);
            if (length == 0) {
                offset += Format.ALIGN;
                continue;
            }
            if (highest < 0) {
                at = offset;
                number = ANY;
                chain = null;
            }
            highest = Math.max(highest, window.bytes().getLong(window.at(offset, Format.HEAD) + 16));
            offset += Format.aligned(length);
        }
        return highest;
    }

    /** Its length, or 0. */
    private int wholeFrameAt(long offset, long floor) throws IOException {
        int index = window.at(offset, Format.HEAD);
        ByteBuffer b = window.bytes();
        int length = b.getInt(index);
        byte type = b.get(index + 4);
        boolean plausible = length >= Format.HEAD + Format.CRC
                && length <= window.size() - offset
                && type >= Format.RECORD
                && type <= Format.SEAL
                && b.getShort(index + 6) == 0
                && b.getLong(index + 8) >= floor;
        return plausible && window.crcFits(salt, offset, length) ? length : 0;
    }
}
