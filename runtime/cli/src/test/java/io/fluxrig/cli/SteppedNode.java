package io.fluxrig.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import picocli.CommandLine;

/** The fluxrig command, whose node has a wall clock that is wrong by as many milliseconds as the file in {@code STEPS} says at any time. */
final class SteppedNode {
    /** Names the file to the process. */
    static final String STEPS = "STEPS";

    private SteppedNode() {}

    public static void main(String[] arguments) {
        Clock clock = new Stepped(Path.of(System.getenv(STEPS)));
        CommandLine.IFactory commands = new CommandLine.IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                return type == RunCommand.class
                        ? type.cast(new RunCommand(clock))
                        : CommandLine.defaultFactory().create(type);
            }
        };
        System.exit(Main.commandLine(commands).execute(arguments));
    }

    private static final class Stepped extends Clock {
        private static final long LOOK_NANOS = 50_000_000;

        private final Path file;
        private volatile long lookedAt = System.nanoTime() - LOOK_NANOS;
        private volatile Duration wrongBy = Duration.ZERO;

        Stepped(Path file) {
            this.file = file;
        }

        @Override
        public Instant instant() {
            long now = System.nanoTime();
            if (now - lookedAt >= LOOK_NANOS) {
                lookedAt = now;
                wrongBy = Duration.ofMillis(read());
            }
            return Instant.now().plus(wrongBy);
        }

        private long read() {
            try {
                return Files.exists(file) ? Long.parseLong(Files.readString(file)) : 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("the node has no zone");
        }
    }
}
