package io.fluxrig.scenario;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import io.fluxrig.spec.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;

/** A data directory (FORMATS section 9): where everything of an installation lies. */
public final class DataDir {
    private static final String DEFAULT_SITE = "local";

    private final Path root;
    private final String site;
    private final BlobStore blobs;

    private DataDir(Path root, String site) {
        this.root = root;
        this.site = site;
        this.blobs = BlobStore.open(root);
    }

    /** {@code $FLUXRIG_DATA}, then {@code ./fluxrig-data}. */
    public static Path defaultPath() {
        return Path.of(Optional.ofNullable(System.getenv("FLUXRIG_DATA"))
                .filter(p -> !p.isEmpty())
                .orElse("fluxrig-data"));
    }

    /**
     * Opens the directory. One that is empty or missing is made, with a site name and a root key of its own.
     *
     * @param wantedSite the site's name; where the directory exists it must be this one
     */
    public static DataDir openOrCreate(Path root, Optional<String> wantedSite) {
        wantedSite.filter(s -> !Names.isSite(s)).ifPresent(s -> {
            throw new FluxException(ScenarioError.SITE, "'" + s + "' is not a DNS-style name");
        });
        Path siteFile = root.resolve("site");
        try {
            if (!Files.exists(siteFile)) {
                create(root, wantedSite.orElse(DEFAULT_SITE));
            }
            String site = Files.readString(siteFile).strip();
            if (!Names.isSite(site)) {
                throw new FluxException(ScenarioError.DATA_DIR, siteFile + " does not hold a site name");
            }
            if (wantedSite.isPresent() && !wantedSite.get().equals(site)) {
                throw new FluxException(
                        ScenarioError.SITE_DIFFERS,
                        root + " is of site '" + site + "', not '" + wantedSite.get() + "'");
            }
            return new DataDir(root, site);
        } catch (IOException e) {
            throw new FluxException(ScenarioError.DATA_DIR, root + ": " + e.getMessage(), e);
        }
    }

    private static void create(Path root, String site) throws IOException {
        for (String data : new String[] {"racks", "mixer"}) {
            if (Files.exists(root.resolve(data))) {
                throw new FluxException(
                        ScenarioError.DATA_DIR,
                        root + " holds " + data + " but no site file: nothing is started over existing data");
            }
        }
        Files.createDirectories(root);
        Path keys = root.resolve("keys");
        if (!Files.isDirectory(keys)) {
            Files.createDirectory(
                    keys, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path rootKey = keys.resolve("root.pem");
        if (!Files.exists(rootKey)) {
            SigningKey.generate(new SecureRandom()).writePem(rootKey);
        }
        Path pinned = root.resolve("trust").resolve("root");
        Files.createDirectories(pinned);
        Files.createDirectories(root.resolve("trust").resolve("scenario"));
        Files.copy(SigningKey.publicFile(rootKey), pinned.resolve("root.pub.pem"), StandardCopyOption.REPLACE_EXISTING);
        Path temporary = root.resolve("site.new");
        Files.writeString(temporary, site + "\n");
        Files.move(temporary, root.resolve("site"), StandardCopyOption.ATOMIC_MOVE);
    }

    public Path root() {
        return root;
    }

    public String site() {
        return site;
    }

    public BlobStore blobs() {
        return blobs;
    }

    public Path trustDir() {
        return root.resolve("trust");
    }

    public Path rootKeyFile() {
        return root.resolve("keys").resolve("root.pem");
    }

    public Path rackKeyFile(String rack) {
        return root.resolve("keys").resolve(named(rack) + ".pem");
    }

    public Path kekFile(String rack) {
        return root.resolve("keys").resolve(named(rack) + ".kek");
    }

    public Path rackDir(String rack) {
        return root.resolve("racks").resolve(named(rack));
    }

    public Path passportFile(String rack) {
        return rackDir(rack).resolve("passport.cose");
    }

    public Path rackWal(String rack) {
        return rackDir(rack).resolve("wal");
    }

    /** A cache of what the log says. */
    public Path rackSnapshots(String rack) {
        return rackDir(rack).resolve("snapshots");
    }

    public Path rackCheckpoints(String rack) {
        return rackDir(rack).resolve("checkpoints");
    }

    public Path rackDataKeys(String rack) {
        return rackDir(rack).resolve("keys");
    }

    public Path mixerWal() {
        return root.resolve("mixer").resolve("wal");
    }

    /** A cache of what the Mixer's log says. */
    public Path mixerSnapshots() {
        return root.resolve("mixer").resolve("snapshots");
    }

    /** Where serials that were signed here are remembered, one file for each scenario name. */
    Path signedSerial(String scenario) {
        return root.resolve("signed").resolve(named(scenario));
    }

    private static String named(String name) {
        if (!Names.isName(name)) {
            throw new FluxException(
                    ScenarioError.VALUE,
                    "'" + (name.length() > 60 ? name.substring(0, 60) : name) + "' is not a name: use "
                            + Names.NAME_FORM);
        }
        return name;
    }
}
