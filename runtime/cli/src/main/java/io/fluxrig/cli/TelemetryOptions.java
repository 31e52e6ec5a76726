package io.fluxrig.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a node sends what it tells about itself. */
final class TelemetryOptions {
    @Option(
            names = "--otlp",
            paramLabel = "URL",
            description =
                    "a collector that gets spans and metrics with OTLP over HTTP, such as http://collector.example:4318"
                            + " (default: none)",
            defaultValue = "${env:FLUXRIG_OTLP}")
    private Optional<String> otlp = Optional.empty();

    @Option(
            names = "--trace-sample",
            paramLabel = "PART",
            description = "part of the signals whose spans are sent, 0 to 1; failed ones always are (default: 0.05)",
            defaultValue = "${env:FLUXRIG_TRACE_SAMPLE}")
    private Optional<Double> sample = Optional.empty();

    /** By path of the configuration. */
    Map<String, String> overrides() {
        Map<String, String> all = new HashMap<>();
        otlp.ifPresent(url -> all.put("fluxrig.telemetry.otlp", url));
        sample.ifPresent(part -> all.put("fluxrig.telemetry.sample", part.toString()));
        return all;
    }
}
