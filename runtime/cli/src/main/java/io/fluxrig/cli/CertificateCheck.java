package io.fluxrig.cli;

import io.fluxrig.certs.CertificateFile;
import io.fluxrig.certs.Identity;
import io.fluxrig.config.Environment;
import io.fluxrig.config.Profile;
import io.fluxrig.config.Setting;
import io.fluxrig.node.NodeError;
import io.fluxrig.signal.FluxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** A node's certificate, and the keys beside it with which it signs where it is the Mixer. */
final class CertificateCheck {
    private static final long DAYS_TO_RENEW = 14;

    private final Environment environment;
    private final Instant now;
    private final CheckList told;

    CertificateCheck(Environment environment, Instant now, CheckList told) {
        this.environment = environment;
        this.now = now;
        this.told = told;
    }

    void certificate() {
        String directory = environment.get(Setting.TLS);
        if (directory.isEmpty()) {
            if (!environment.get(Setting.API_LISTEN).isEmpty()) {
                told.fail(
                        "certificate",
                        "there is none, and " + Setting.API_LISTEN.key() + " needs one",
                        NodeError.API_IN_CLEAR.advice());
            }
            return;
        }
        try {
            judge(CertificateFile.usable(Path.of(directory)).identity());
        } catch (FluxException unusable) {
            told.fail("certificate", unusable.what(), unusable.code().advice());
        }
    }

    private void judge(Identity mine) {
        Duration left = mine.left(now);
        String host = environment.get(Setting.CLUSTER_HOST);
        if (now.isBefore(mine.notBefore())) {
            told.fail(
                    "certificate",
                    "it begins " + mine.notBefore() + ", and the clock says " + now,
                    "set the clock, or issue another: 'fluxrig certs issue'");
        } else if (left.isNegative()) {
            told.fail("certificate", "it ended " + mine.notAfter(), "issue another: 'fluxrig certs issue'");
        } else if (joins() && !host.isEmpty() && !mine.hosts().contains(host)) {
            told.fail("certificate", "it does not name " + host, "issue one that does: 'fluxrig certs issue --host'");
        } else if (left.toDays() < DAYS_TO_RENEW) {
            told.warn(
                    "certificate", "good for " + left.toDays() + " days", "issue another; the node reads it by itself");
        } else {
            told.fine("certificate", "good for " + left.toDays() + " days");
        }
    }

    /** A single node has a certificate for its API alone, under names that only those know who ask there. */
    private boolean joins() {
        return environment.profile() != Profile.SINGLE;
    }

    /** Whoever may be the Mixer signs as all others that may. */
    void mixerKeys() {
        String directory = environment.get(Setting.TLS);
        if (environment.get(Setting.JDBC_URL).isEmpty() || directory.isEmpty() || !mayBeMixer(directory)) {
            return;
        }
        List<String> brought = Stream.of("root.pem", "mixer.pem")
                .filter(key -> Files.isReadable(Path.of(directory, key)))
                .toList();
        switch (brought.size()) {
            case 2 -> told.fine("mixer keys", "in " + directory);
            case 1 ->
                told.fail(
                        "mixer keys",
                        "of root.pem and mixer.pem only " + brought.getFirst() + " is in " + directory,
                        "bring both: docs/operations/mixer.md");
            default ->
                told.warn(
                        "mixer keys",
                        "root.pem and mixer.pem are not in " + directory + "; those in "
                                + Path.of(environment.get(Setting.DATA), "keys") + " are taken",
                        "fine where they are the same on every node that may be the Mixer; else bring them: docs/operations/mixer.md");
        }
    }

    private static boolean mayBeMixer(String directory) {
        try {
            return CertificateFile.usable(Path.of(directory)).identity().roles().contains("mixer");
        } catch (FluxException unusable) {
            // Told of where the certificate is looked at.
            return false;
        }
    }
}
