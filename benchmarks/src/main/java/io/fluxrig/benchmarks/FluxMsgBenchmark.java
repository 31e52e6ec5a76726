package io.fluxrig.benchmarks;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.FluxMsg;
import io.fluxrig.signal.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Encoding and strict decoding of a fluxMsg beside Jackson's CBOR (databind into a record, and streaming), with the same content, and beside a plain copy of
 * the same bytes. The messages are the golden ones of {@code runtime/signal}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FluxMsgBenchmark {
    /** The same content in the types that Jackson binds best. */
    public record Plain(
            long id,
            long ts,
            long src_id,
            String trace,
            Map<String, String> meta,
            Map<String, Object> data,
            byte[] raw,
            List<Map<String, Object>> path) {}

    private static final ObjectMapper DATABIND = new CBORMapper();
    private static final CBORFactory STREAMING = new CBORFactory();

    @Param({"echo", "authorization", "emv", "iot"})
    public String message;

    private FluxMsg msg;
    private FluxMap data;
    private byte[] ours;
    private Plain plain;
    private byte[] theirs;

    @Setup
    public void load() throws IOException {
        Path golden = Path.of(
                System.getProperty("fluxrig.home", "."),
                "runtime/signal/src/test/golden",
                "fluxmsg-" + message + ".cbor");
        ours = Files.readAllBytes(golden);
        msg = FluxMsg.decode(ours);
        data = msg.data();
        plain = plain(msg);
        theirs = DATABIND.writeValueAsBytes(plain);
    }

    @Benchmark
    public byte[] copy() {
        byte[] target = new byte[ours.length];
        System.arraycopy(ours, 0, target, 0, ours.length);
        return target;
    }

    /** With a change, so that nothing about the message is remembered from the time before. */
    @Benchmark
    public byte[] encode() {
        return msg.toBuilder()
                .ts(msg.ts() ^ System.nanoTime() & 1)
                .data(data)
                .build()
                .encode();
    }

    @Benchmark
    public FluxMsg decode() {
        return FluxMsg.decode(ours);
    }

    @Benchmark
    public byte[] encodeJacksonDatabind() throws IOException {
        return DATABIND.writeValueAsBytes(plain);
    }

    @Benchmark
    public Plain decodeJacksonDatabind() throws IOException {
        return DATABIND.readValue(theirs, Plain.class);
    }

    @Benchmark
    public byte[] encodeJacksonStreaming() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(ours.length);
        try (JsonGenerator generator = STREAMING.createGenerator(out)) {
            write(generator, plain);
        }
        return out.toByteArray();
    }

    @Benchmark
    public Object decodeJacksonStreaming() throws IOException {
        try (JsonParser parser = STREAMING.createParser(theirs)) {
            parser.nextToken();
            return read(parser);
        }
    }

    private static void write(JsonGenerator out, Plain plain) throws IOException {
        out.writeStartObject();
        out.writeNumberField("id", plain.id());
        out.writeNumberField("ts", plain.ts());
        out.writeNumberField("src_id", plain.src_id());
        out.writeStringField("trace", plain.trace());
        out.writeFieldName("meta");
        writeMap(out, plain.meta());
        out.writeFieldName("data");
        writeMap(out, plain.data());
        out.writeBinaryField("raw", plain.raw());
        out.writeArrayFieldStart("path");
        for (Map<String, Object> hop : plain.path()) {
            writeMap(out, hop);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void writeMap(JsonGenerator out, Map<String, ?> map) throws IOException {
        out.writeStartObject();
        for (Map.Entry<String, ?> entry : map.entrySet()) {
            out.writeFieldName(entry.getKey());
            switch (entry.getValue()) {
                case String text -> out.writeString(text);
                case Long number -> out.writeNumber(number);
                case Double number -> out.writeNumber(number);
                case BigDecimal number -> out.writeNumber(number);
                case byte[] bytes -> out.writeBinary(bytes);
                case Map<?, ?> inner -> {
                    Map<String, Object> typed = new LinkedHashMap<>();
                    inner.forEach((k, v) -> typed.put((String) k, v));
                    writeMap(out, typed);
                }
                default ->
                    throw new IllegalStateException(entry.getValue().getClass().getName());
            }
        }
        out.writeEndObject();
    }

    private static Object read(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new HashMap<>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String key = in.currentName();
                    in.nextToken();
                    map.put(key, read(in));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(in));
                }
                yield list;
            }
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_NUMBER_FLOAT -> in.getNumberValue();
            case VALUE_EMBEDDED_OBJECT -> in.getBinaryValue();
            default -> null;
        };
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
            case Value.Int number -> number.value();
            case Value.Float number -> number.value();
            case Value.Decimal number -> number.value();
            case Value.Text text -> text.value();
            case Value.Bin bytes -> bytes.value().toArray();
            case FluxMap map -> plainMap(map);
            default -> throw new IllegalArgumentException(value.kind());
        };
    }
}
