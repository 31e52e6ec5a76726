package io.fluxrig.node;

import com.typesafe.config.Config;
import io.fluxrig.scenario.DataDir;
import io.fluxrig.scenario.Passport;
import io.fluxrig.scenario.Ticket;
import io.fluxrig.scenario.Trust;
import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxEntityId;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** Who a Rack is: its key, and the passport that a root key signed for it. */
record RackIdentity(SigningKey key, Passport passport) {

    /** The Rack's own key; made on the first start. */
    static SigningKey keyOf(DataDir data, String rack) {
        Path file = data.rackKeyFile(rack);
        if (!Files.exists(file)) {
            SigningKey.generate(new SecureRandom()).writePem(file);
        }
        return SigningKey.readPem(file);
    }

    /**
     * What lets this Rack be enrolled without an operator; empty for none. It is read anew each time, so that it may be brought later. A file may hold a ticket on each
     * line, for the node's own Rack and for those that it may host.
     */
    static String ticket(Config config, String rack) {
        String file = config.getString("fluxrig.enrol.token-file");
        try {
            List<String> lines = file.isEmpty() || !Files.isRegularFile(Path.of(file))
                    ? List.of()
                    : Files.readString(Path.of(file)).lines().map(String::strip).toList();
            return lines.stream()
                    .filter(line -> Ticket.claims(line, rack))
                    .findFirst()
                    .orElse(lines.isEmpty() ? "" : lines.getFirst());
        } catch (IOException e) {
            throw new FluxException(NodeError.START, file + ": " + e.getMessage(), e);
        }
    }

    /** Whether that is the key of a Rack of this data directory: it shares the disk of whoever asks. */
    static boolean isOf(DataDir data, String rack, Bytes key) {
        try {
            Path file = data.rackKeyFile(rack);
            return Files.exists(file)
                    && SigningKey.readPem(file).publicKey().raw().equals(key);
        } catch (FluxException noSuchName) {
            return false;
        }
    }

    /** The stored passport, checked against pinned root keys, site, name and key; empty before the first enrolment. */
    static Optional<RackIdentity> stored(DataDir data, String rack, Trust trust) {
        Path file = data.passportFile(rack);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    checked(Bytes.wrap(Files.readAllBytes(file)), keyOf(data, rack), data.site(), rack, trust));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks a new passport and keeps it. */
    static RackIdentity store(DataDir data, String rack, Trust trust, Bytes passport) {
        RackIdentity identity = checked(passport, keyOf(data, rack), data.site(), rack, trust);
        try {
            DurableFile.write(data.passportFile(rack), passport.unsafeArray());
            return identity;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RackIdentity checked(Bytes file, SigningKey key, String site, String rack, Trust trust) {
        Passport passport = Passport.verify(file.toArray(), trust.root());
        if (!passport.site().equals(site)
                || !passport.name().equals(rack)
                || !passport.key().equals(key.publicKey().raw())) {
            throw new FluxException(
                    NodeError.PASSPORT,
                    "the passport is for '" + passport.name() + "' of site '" + passport.site() + "', this is '" + rack
                            + "' of '" + site + "'");
        }
        return new RackIdentity(key, passport);
    }

    /** The origin of this Rack's checkpoints (FORMATS section 7). */
    String origin() {
        return passport.origin();
    }

    int[] lanes() {
        return passport.machines().stream().mapToInt(Integer::intValue).toArray();
    }

    /** A Rack mints its gears with its first machine id. */
    FluxEntityId gear(long sequence) {
        return FluxEntityId.of(FluxEntityId.Type.GEAR, passport.machines().getFirst(), sequence);
    }
}
