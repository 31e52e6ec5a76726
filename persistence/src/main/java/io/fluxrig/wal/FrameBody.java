package io.fluxrig.wal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decodes the body of a frame whose CRC fits. Even so no length is believed: each is compared with what is there. */
final class FrameBody {
    /** The body is not one of its type. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String what) {
            super(what, null, false, false);
        }
    }

    private static final byte[] NONE = new byte[0];

    private final String segment;
    private final Map<Integer, String> names;
    private final boolean payloads;
    private final TextCache texts = new TextCache();

    /** @param payloads false: payloads and metadata are passed over */
    FrameBody(String segment, Map<Integer, String> names, boolean payloads) {
        this.segment = segment;
        this.names = names;
        this.payloads = payloads;
    }

    Frame decode(byte type, byte flags, ByteBuffer body, long offset, long number) throws Malformed {
        Frame frame = switch (type) {
            case Format.RECORD -> record(flags, body, offset, number);
            case Format.DECLARE -> declare(body);
            case Format.DELETED -> new Frame.Deleted(known(integer(body)), wide(body));
            case Format.COMMIT -> new Frame.Commit(integer(body), bytes(body, Format.CHAIN));
            case Format.SEAL -> new Frame.Seal(wide(body), wide(body), bytes(body, Format.CHAIN));
            default -> throw new Malformed("frame type " + type + " is not known");
        };
        if (body.hasRemaining()) {
            throw new Malformed(body.remaining() + " bytes too many in a frame of type " + type);
        }
        if ((flags & ~(type == Format.RECORD ? Format.WITH_METADATA : 0)) != 0) {
            throw new Malformed("flags " + flags + " are not known");
        }
        return frame;
    }

    private Frame declare(ByteBuffer body) throws Malformed {
        int idNumber = integer(body);
        String name = text(body);
        String known = names.putIfAbsent(idNumber, name);
        if (known != null && !known.equals(name)) {
            throw new Malformed("persistence id number " + idNumber + " is declared twice, with two names");
        }
        return new Frame.Declare(idNumber, name);
    }

    private Frame record(byte flags, ByteBuffer body, long offset, long number) throws Malformed {
        int idNumber = known(integer(body));
        long sequenceNr = wide(body);
        long timestamp = wide(body);
        int serializerId = integer(body);
        String manifest = text(body);
        String eventManifest = text(body);
        String writer = text(body);
        List<String> tags = tags(body);
        Optional<WalWrite.Metadata> metadata = Optional.empty();
        if ((flags & Format.WITH_METADATA) != 0) {
            metadata = Optional.of(new WalWrite.Metadata(integer(body), text(body), blob(body)));
        }
        byte[] payload = blob(body);
        return new Frame.Rec(
                idNumber,
                new WalRecord(
                        names.get(idNumber),
                        sequenceNr,
                        timestamp,
                        serializerId,
                        manifest,
                        eventManifest,
                        writer,
                        tags,
                        metadata,
                        payload,
                        segment,
                        offset,
                        number));
    }

    private List<String> tags(ByteBuffer body) throws Malformed {
        need(body, 1);
        int count = body.get() & 0xff;
        if (count == 0) {
            return List.of();
        }
        List<String> tags = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tags.add(text(body));
        }
        return tags;
    }

    private int known(int idNumber) throws Malformed {
        if (!names.containsKey(idNumber)) {
            throw new Malformed("persistence id number " + idNumber + " was not declared");
        }
        return idNumber;
    }

    private byte[] blob(ByteBuffer body) throws Malformed {
        int length = integer(body);
        need(body, length);
        if (!payloads) {
            body.position(body.position() + length);
            return NONE;
        }
        return bytes(body, length);
    }

    private String text(ByteBuffer body) throws Malformed {
        need(body, 2);
        int length = body.getShort() & 0xffff;
        need(body, length);
        int at = body.position();
        body.position(at + length);
        return texts.get(body.array(), body.arrayOffset() + at, length);
    }

    private static byte[] bytes(ByteBuffer body, int length) throws Malformed {
        need(body, length);
        byte[] bytes = new byte[length];
        body.get(bytes);
        return bytes;
    }

    private static int integer(ByteBuffer body) throws Malformed {
        need(body, 4);
        return body.getInt();
    }

    private static long wide(ByteBuffer body) throws Malformed {
        need(body, 8);
        return body.getLong();
    }

    private static void need(ByteBuffer body, int length) throws Malformed {
        if (length < 0 || length > body.remaining()) {
            throw new Malformed("a length of " + length + " where " + body.remaining() + " bytes remain");
        }
    }

    /** The last few texts, since neighbours mostly have the same manifests. */
    private static final class TextCache {
        private final byte[][] keys = new byte[8][];
        private final String[] values = new String[8];
        private int next;

        String get(byte[] source, int at, int length) {
            if (length == 0) {
                return "";
            }
            for (int i = 0; i < keys.length; i++) {
                byte[] key = keys[i];
                if (key != null && key.length == length && Arrays.equals(key, 0, length, source, at, at + length)) {
                    return values[i];
                }
            }
            String made = new String(source, at, length, StandardCharsets.UTF_8);
            keys[next] = Arrays.copyOfRange(source, at, at + length);
            values[next] = made;
            next = (next + 1) % keys.length;
            return made;
        }
    }
}
