package io.fluxrig.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.audit.RackFiles;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.FluxId;
import io.fluxrig.wal.Wal;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options by which somebody sees classified values in clear. Nobody sees them without leaving a trace first. */
final class RevealOptions {
    @Option(
            names = "--reveal",
            description =
                    "show classified values in clear; needs --reason, and --access-log where no running Rack is asked")
    private boolean reveal;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why they have to be seen; recorded")
    private Optional<String> reason = Optional.empty();

    boolean asked() {
        return reveal;
    }

    /** What a running Rack tells of a signal, once it has recorded who asks. */
    JsonNode ask(Api api, long signal, Optional<String> rack, CommandSpec spec) {
        if (reveal && reason.filter(text -> !text.isBlank()).isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--reveal needs --reason TEXT: it never goes unrecorded");
        }
        ObjectNode look = JsonNodeFactory.instance.objectNode().put("reveal", reveal);
        reason.ifPresent(text -> look.put("reason", text));
        return api.post(
                "signals/" + FluxId.text(signal) + "/detail"
                        + rack.map(name -> "?rack=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                                .orElse(""),
                look.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Adds to the access log of somebody who reads a copy or a bundle. Returns at once where nothing is to be revealed. */
    void recordBefore(Optional<RackFiles> rack, long signal, Optional<Path> accessLog, CommandSpec spec) {
        if (!reveal) {
            return;
        }
        if (reason.isEmpty() || accessLog.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--reveal needs --reason TEXT and --access-log FILE: it never goes unrecorded");
        }
        rack.filter(files -> Wal.isInUse(files.wal())).ifPresent(running -> {
            throw new FluxException(
                    CliError.REVEAL, "'" + running.rack() + "' is running: it has to record itself who looks");
        });
        String line = JsonNodeFactory.instance
                        .objectNode()
                        .put("at", Instant.now().toString())
                        .put("who", System.getProperty("user.name"))
                        .put("rack", rack.map(RackFiles::rack).orElse("bundle"))
                        .put("signal", FluxId.text(signal))
                        .put("reason", reason.get())
                + "\n";
        try (FileChannel out = FileChannel.open(
                accessLog.get(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            out.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            out.force(true);
        } catch (IOException e) {
            throw new FluxException(CliError.OUTPUT, accessLog.get() + ": " + e.getMessage(), e);
        }
    }
}
