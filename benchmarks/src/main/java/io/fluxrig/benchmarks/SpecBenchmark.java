package io.fluxrig.benchmarks;

import io.fluxrig.signal.FluxMap;
import io.fluxrig.spec.Codec;
import io.fluxrig.spec.Spec;
import io.fluxrig.spec.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What rules cost beside decoding, and how long a spec of 128 elements takes to load. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
public class SpecBenchmark {
    private static final int RULES = 100;

    private Path file;
    private Spec spec;
    private byte[] wire;
    private FluxMap data;

    @Setup
    public void setUp() throws IOException {
        file = Files.writeString(Files.createTempFile("rules", ".yaml"), text());
        spec = Specs.load(file).orThrow();
        data = IsoMessages.authorization();
        wire = spec.codec().encode(data);
        if (!spec.validator().check(data).isEmpty()) {
            throw new IllegalStateException(
                    "the message breaks rules: " + spec.validator().check(data));
        }
    }

    /** 85 rules of fields and 15 across them, all of which this message keeps. */
    private static String text() {
        StringBuilder text = new StringBuilder("""
                spec:
                  id: rules
                  version: 1.0.0
                  extends: fluxrig:iso8583-1987-ascii
                  checks:
                """);
        for (int i = 0; i < 15; i++) {
            text.append("    - { name: check ")
                    .append(i)
                    .append(", mti: \"0100\", assert: \"field(3) == '000000' && field(4) > ")
                    .append(i)
                    .append("\" }\n");
        }
        text.append("  fields:\n");
        for (int i = 0; i < RULES - 15; i++) {
            int number = 28 + i;
            boolean known = number == 65
                    || number == 32
                    || number == 37
                    || number == 41
                    || number == 42
                    || number == 49
                    || number == 55;
            if (!known) {
                text.append("    \"")
                        .append(number)
                        .append("\": { messages: [{ mti: \"0100\", usage: forbidden }] }\n");
            }
        }
        return text.toString();
    }

    @Benchmark
    public Object decode() {
        return spec.codec().decode(wire, 0, wire.length);
    }

    @Benchmark
    public Object decodeAndEnforce() {
        Codec.Decoded.Ok ok = (Codec.Decoded.Ok) spec.codec().decode(wire, 0, wire.length);
        return spec.validator().check(ok.data());
    }

    @Benchmark
    public Object load() {
        return Specs.load(file).orThrow();
    }
}
