package io.fluxrig.benchmarks;

import com.solab.iso8583.IsoMessage;
import com.solab.iso8583.MessageFactory;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Codec;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jpos.iso.ISOMsg;
import org.jpos.iso.packager.ISO87APackager;
import org.jpos.tlv.TLVList;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Bytes to fields and back, beside j8583 and jPOS, which get the same bytes. Chip data is read tag by tag everywhere; j8583 has nothing for that and borrows jPOS's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
public class IsoBenchmark {
    @Param({"authorization", "emv"})
    public String message;

    private Codec codec;
    private FluxMap data;
    private byte[] wire;
    private MessageFactory<IsoMessage> j8583;
    private IsoMessage j8583Message;
    private ISO87APackager jpos;
    private ISOMsg jposMessage;
    private boolean chip;

    @Setup
    public void setUp() throws Exception {
        chip = message.equals("emv");
        codec = IsoMessages.spec().codec();
        data = chip ? IsoMessages.emv() : IsoMessages.authorization();
        wire = codec.encode(data);
        j8583 = IsoMessages.j8583();
        jpos = IsoMessages.jpos();
        j8583Message = j8583.parseMessage(wire, 0);
        jposMessage = new ISOMsg();
        jposMessage.setPackager(jpos);
        jposMessage.unpack(wire);
        same(codec.encode(((Codec.Decoded.Ok) codec.decode(wire, 0, wire.length)).data()), "ours");
        same(jposMessage.pack(), "jPOS");
        same(j8583Message.writeData(), "j8583");
    }

    private void same(byte[] written, String who) {
        if (!java.util.Arrays.equals(written, wire)) {
            throw new IllegalStateException(
                    who + " writes other bytes: " + new String(written, StandardCharsets.ISO_8859_1));
        }
    }

    @Benchmark
    public Object decode() {
        return codec.decode(wire, 0, wire.length);
    }

    @Benchmark
    public Object decodeJ8583() throws Exception {
        IsoMessage read = j8583.parseMessage(wire, 0);
        return chip ? tags(((String) read.getObjectValue(55)).getBytes(StandardCharsets.ISO_8859_1)) : read;
    }

    @Benchmark
    public Object decodeJpos() throws Exception {
        ISOMsg read = new ISOMsg();
        read.setPackager(jpos);
        read.unpack(wire);
        return chip ? tags(read.getBytes(55)) : read;
    }

    private static TLVList tags(byte[] bytes) {
        TLVList list = new TLVList();
        list.unpack(bytes);
        return list;
    }

    @Benchmark
    public byte[] encode() {
        return codec.encode(data);
    }

    /** Chip data is written from tags everywhere. */
    @Benchmark
    public byte[] encodeJ8583() {
        if (chip) {
            j8583Message.setValue(
                    55, new String(packed(), StandardCharsets.ISO_8859_1), com.solab.iso8583.IsoType.LLLVAR, 0);
        }
        return j8583Message.writeData();
    }

    @Benchmark
    public byte[] encodeJpos() throws Exception {
        if (chip) {
            jposMessage.set(55, packed());
        }
        jposMessage.recalcBitMap();
        return jposMessage.pack();
    }

    private byte[] packed() {
        TLVList list = new TLVList();
        for (int tag : IsoMessages.TAGS) {
            list.append(tag, new byte[] {1, 2, 3, (byte) tag});
        }
        return list.pack();
    }
}
