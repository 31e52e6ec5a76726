package io.fluxrig.node;

import io.fluxrig.scenario.DataDir;
import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether an operator has told this Rack to stop: a mark beside its passport, because the next start may find no Mixer to ask. */
record Suspension(Path mark) {
    static Suspension at(DataDir data, String rack) {
        return new Suspension(data.rackDir(rack).resolve("suspended"));
    }

    boolean isOn() {
        return Files.exists(mark);
    }

    void begin(String why) {
        try {
            DurableFile.write(mark, (why + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new FluxException(NodeError.START, mark + ": " + e.getMessage(), e);
        }
    }

    void end() {
        try {
            DurableFile.delete(mark);
        } catch (IOException e) {
            throw new FluxException(NodeError.START, mark + ": " + e.getMessage(), e);
        }
    }
}
