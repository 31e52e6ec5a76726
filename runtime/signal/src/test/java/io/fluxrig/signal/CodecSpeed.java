package io.fluxrig.signal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A quick look at speed and allocation beside Jackson databind, for guidance: {@code main}, no test. The figures that count come from JMH. */
final class CodecSpeed {
    private static final ObjectMapper JACKSON = new CBORMapper();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static Object sink;

    private CodecSpeed() {}

    /** What Jackson binds: the same content in the types it likes best. */
    public record Plain(
            long id,
            long ts,
            long src_id,
            String trace,
            Map<String, String> meta,
            Map<String, Object> data,
            byte[] raw,
            List<Map<String, Object>> path) {}

    interface Work {
        Object run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        for (Map.Entry<String, FluxMsg> entry : Samples.all().entrySet()) {
            if (List.of("minimal", "every-value", "full-envelope").contains(entry.getKey())) {
                continue;
            }
            FluxMsg msg = entry.getValue();
            byte[] ours = msg.encode();
            Plain plain = plain(msg);
            byte[] theirs = JACKSON.writeValueAsBytes(plain);
            double copy = measure(ours::clone);
            double encode = measure(msg::encode);
            long encodeBytes = allocated(msg::encode) - ours.length;
            double decode = measure(() -> FluxMsg.decode(ours));
            long decodeBytes = allocated(() -> FluxMsg.decode(ours));
            double theirEncode = measure(() -> JACKSON.writeValueAsBytes(plain));
            double theirDecode = measure(() -> JACKSON.readValue(theirs, Plain.class));
            System.out.printf(
                    "%-14s %4d B  copy %4.0f ns | encode %5.0f ns (+%d B) jackson %6.0f = %4.1fx | decode %5.0f ns (%d B) jackson %6.0f = %4.1fx%n",
                    entry.getKey(),
                    ours.length,
                    copy,
                    encode,
                    encodeBytes,
                    theirEncode,
                    theirEncode / encode,
                    decode,
                    decodeBytes,
                    theirDecode,
                    theirDecode / decode);
        }
    }

    private static double measure(Work work) throws Exception {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 8; round++) {
            int runs = 0;
            // CPU time: a shared machine takes the wall clock's word for nothing.
            long start = THREADS.getCurrentThreadCpuTime();
            long end;
            do {
                for (int i = 0; i < 500; i++) {
                    sink = work.run();
                }
                runs += 500;
                end = THREADS.getCurrentThreadCpuTime();
            } while (end - start < 150_000_000L);
            best = Math.min(best, (end - start) / (double) runs);
        }
        return best;
    }

    private static long allocated(Work work) throws Exception {
        int runs = 100_000;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < runs; i++) {
            sink = work.run();
        }
        return (THREADS.getCurrentThreadAllocatedBytes() - before) / runs;
    }

    private static Plain plain(FluxMsg msg) {
        List<Map<String, Object>> path = new ArrayList<>();
        msg.path().forEach(hop -> path.add(Map.of("g", hop.gear(), "p", hop.port(), "t", hop.t())));
        return new Plain(
                msg.id(),
                msg.ts(),
                msg.srcId(),
                msg.trace(),
                new LinkedHashMap<>(msg.meta()),
                plainMap(msg.data()),
                msg.raw().toArray(),
                path);
    }

    private static Map<String, Object> plainMap(FluxMap map) {
        Map<String, Object> plain = new LinkedHashMap<>();
        map.forEach((key, value) -> plain.put(key, plainValue(value)));
        return plain;
    }

    private static Object plainValue(Value value) {
        return switch (value) {
            case Value.Int i -> i.value();
            case Value.Float f -> f.value();
            case Value.Decimal d ->
                new BigDecimal(d.value().unscaledValue(), d.value().scale());
            case Value.Text t -> t.value();
            case Value.Bin b -> b.value().toArray();
            case FluxMap m -> plainMap(m);
            default -> throw new IllegalArgumentException(value.kind());
        };
    }
}
