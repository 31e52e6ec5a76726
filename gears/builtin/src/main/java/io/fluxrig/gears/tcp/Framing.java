package io.fluxrig.gears.tcp;

import io.fluxrig.signal.Bytes;
import io.fluxrig.spec.WireHeader;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Both directions of one framing: how the stream is cut, and what the network of the port's spec puts at the beginning of each frame. */
final class Framing {
    /** Where {@code meta} keeps what stood before a message, in hex, so that an answer can turn it round. */
    static final String HEADER = "iso8583.raw_header";

    private static final WireHeader NO_LEAD = new WireHeader(Optional.empty(), new WireHeader.Lead.None());

    private final FramingSettings settings;
    private final WireHeader.Length length;
    private final WireHeader header;
    private final byte[] delimiter;
    private final int maxFrame;

    Framing(FramingSettings settings) {
        this(Optional.of(settings), Optional.empty());
    }

    /**
     * @param said by the port; where it says nothing the spec's network header does
     * @param header of the port's spec
     */
    Framing(Optional<FramingSettings> said, Optional<WireHeader> header) {
        this.settings = said.orElse(FramingSettings.DEFAULT);
        this.header = header.orElse(NO_LEAD);
        Optional<WireHeader.Length> ofSpec = said.isPresent() ? Optional.empty() : this.header.length();
        this.length = ofSpec.orElseGet(settings::length);
        this.maxFrame = ofSpec.map(l -> Math.min(l.most(), settings.maxFrame())).orElse(settings.maxFrame());
        this.delimiter = settings.kind() == FramingSettings.Kind.DELIMITER ? settings.delimiterBytes() : new byte[0];
    }

    int maxFrame() {
        return maxFrame;
    }

    /** The longest message behind what the network puts at the beginning of a frame. */
    int maxMessage() {
        return maxFrame - header.longestLead();
    }

    /** A reader for one connection. */
    FrameReader reader() {
        return switch (settings.kind()) {
            case LENGTH -> new LengthReader(length, maxFrame);
            case DELIMITER -> new DelimiterReader(delimiter, maxFrame);
        };
    }

    /** A message that answers nothing, as it stands on the wire. */
    byte[] opening(Bytes message) {
        return wrap(header.opening(message.length()), message.unsafeArray());
    }

    /** A message that answers the one whose {@code meta} came along, as it stands on the wire. */
    byte[] answering(Bytes message, Map<String, String> meta) {
        String came = meta.get(HEADER);
        return came == null
                ? opening(message)
                : wrap(header.answering(HexFormat.of().parseHex(came), message.length()), message.unsafeArray());
    }

    /** The frame as it stands on the wire; it has at most {@link #maxFrame()} bytes. */
    byte[] wrap(byte[] frame) {
        return wrap(new byte[0], frame);
    }

    private byte[] wrap(byte[] lead, byte[] message) {
        return switch (settings.kind()) {
            case LENGTH -> joined(length.write(lead.length + message.length), lead, message);
            case DELIMITER -> joined(lead, message, delimiter);
        };
    }

    private static byte[] joined(byte[] a, byte[] b, byte[] c) {
        byte[] all = new byte[a.length + b.length + c.length];
        System.arraycopy(a, 0, all, 0, a.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        System.arraycopy(c, 0, all, a.length + b.length, c.length);
        return all;
    }
}
