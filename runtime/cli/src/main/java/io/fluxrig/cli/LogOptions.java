package io.fluxrig.cli;

import io.fluxrig.signal.FluxException;
import io.fluxrig.wal.WalError;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How large the Rack's log may become, and what leaves it for the archive. */
final class LogOptions {
    private static final Pattern SIZE = Pattern.compile("[1-9][0-9]{0,9}(B|KiB|MiB|GiB|TiB)");
    private static final Pattern AGE = Pattern.compile("[1-9][0-9]{0,6}(s|m|h|d)");

    @Option(
            names = "--wal-quota",
            paramLabel = "SIZE",
            description =
                    "how large the log may become, such as 50GiB; at the bound new requests are refused, nothing is overwritten"
                            + " (default: no bound)",
            defaultValue = "${env:FLUXRIG_WAL_QUOTA}")
    private Optional<String> quota = Optional.empty();

    @Option(
            names = "--archive",
            paramLabel = "DIR",
            description = "where sealed segments are moved when they are no longer to be kept here (default: none are)",
            defaultValue = "${env:FLUXRIG_ARCHIVE}")
    private Optional<Path> archive = Optional.empty();

    @Option(
            names = "--keep",
            paramLabel = "SIZE",
            description = "how much of the log stays here, such as 10GiB",
            defaultValue = "${env:FLUXRIG_KEEP}")
    private Optional<String> keep = Optional.empty();

    @Option(
            names = "--keep-for",
            paramLabel = "AGE",
            description = "how long a segment stays here, such as 30d",
            defaultValue = "${env:FLUXRIG_KEEP_FOR}")
    private Optional<String> keepFor = Optional.empty();

    /** By path of the configuration. */
    Map<String, String> overrides() {
        Map<String, String> all = new HashMap<>();
        quota.ifPresent(size -> all.put("persistence.wal.quota", checked(size, SIZE, "--wal-quota", "50GiB")));
        archive.ifPresent(dir -> all.put(
                "persistence.wal.retention.archive", dir.toAbsolutePath().toString()));
        keep.ifPresent(size -> all.put("persistence.wal.retention.keep-bytes", checked(size, SIZE, "--keep", "10GiB")));
        keepFor.ifPresent(age -> all.put("persistence.wal.retention.keep", checked(age, AGE, "--keep-for", "30d")));
        boolean bounded = keep.isPresent() || keepFor.isPresent();
        if (bounded != archive.isPresent()) {
            throw new FluxException(
                    WalError.SETTINGS,
                    bounded
                            ? "--keep and --keep-for need --archive DIR: nothing is ever deleted"
                            : "--archive needs --keep SIZE or --keep-for AGE to know what to move");
        }
        return all;
    }

    private static String checked(String text, Pattern form, String option, String example) {
        if (!form.matcher(text).matches()) {
            throw new FluxException(WalError.SETTINGS, option + " " + text + ": write it like " + example);
        }
        return text;
    }
}
