package io.fluxrig.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirTest {
    @TempDir
    Path folder;

    private DataDir open(String site) {
        return DataDir.openOrCreate(folder.resolve("data"), Optional.ofNullable(site));
    }

    private static void refused(ScenarioError code, Runnable attempt) {
        assertThatExceptionOfType(FluxException.class)
                .isThrownBy(attempt::run)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void anEmptyDirectoryGetsASiteAndARootKeyOfItsOwn() throws IOException {
        DataDir data = open("shop.example");
        assertThat(data.site()).isEqualTo("shop.example");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.rootKeyFile())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(data.rootKeyFile().getParent())))
                .isEqualTo("rwx------");
        Trust trust = Trust.load(data.trustDir());
        assertThat(trust.root())
                .containsExactly(SigningKey.readPem(data.rootKeyFile()).publicKey());
        assertThat(trust.scenario()).isEmpty();
    }

    @Test
    void theSiteAndTheKeyAreKept() throws IOException {
        byte[] key = Files.readAllBytes(open("shop.example").rootKeyFile());
        assertThat(open(null).site()).isEqualTo("shop.example");
        assertThat(open("shop.example").site()).isEqualTo("shop.example");
        refused(ScenarioError.SITE_DIFFERS, () -> open("other.example"));
        assertThat(Files.readAllBytes(open(null).rootKeyFile())).isEqualTo(key);
    }

    @Test
    void withoutAWishTheSiteIsLocal() {
        assertThat(open(null).site()).isEqualTo("local");
    }

    @ParameterizedTest
    @ValueSource(strings = {"racks", "mixer"})
    void nothingIsStartedOverExistingData(String part) throws IOException {
        DataDir data = open("shop.example");
        byte[] key = Files.readAllBytes(data.rootKeyFile());
        Files.createDirectories(data.root().resolve(part));
        Files.delete(data.root().resolve("site"));
        refused(ScenarioError.DATA_DIR, () -> open("shop.example"));
        refused(ScenarioError.DATA_DIR, () -> open(null));
        assertThat(data.root().resolve("site")).doesNotExist();
        assertThat(Files.readAllBytes(data.rootKeyFile())).isEqualTo(key);
    }

    @Test
    void aStartThatWasCutOffGoesOnWithTheSameKey() throws IOException {
        DataDir data = open("shop.example");
        byte[] key = Files.readAllBytes(data.rootKeyFile());
        Files.delete(data.root().resolve("site"));
        assertThat(open("shop.example").site()).isEqualTo("shop.example");
        assertThat(Files.readAllBytes(data.rootKeyFile())).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "Shop", "a b", "../x", "a..b"})
    void aSiteFileThatHoldsNoSiteIsRefused(String content) throws IOException {
        Files.writeString(open("shop.example").root().resolve("site"), content);
        refused(ScenarioError.DATA_DIR, () -> open(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Shop", "a_b", "-a", "a-", "a..b", ".a", "a.", "münchen", "a/b", "a\u0000b"})
    void aSiteIsADnsStyleName(String site) {
        refused(ScenarioError.SITE, () -> open(site));
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../x", "a/b", "A", "a.b", "-a", "a-", "а", "a\n"})
    void aNameOfAnotherFormNeverReachesTheFileSystem(String name) {
        DataDir data = open(null);
        for (Runnable use : List.<Runnable>of(
                () -> data.rackDir(name),
                () -> data.rackKeyFile(name),
                () -> data.kekFile(name),
                () -> data.rackWal(name),
                () -> data.rackCheckpoints(name),
                () -> data.rackDataKeys(name),
                () -> data.passportFile(name),
                () -> data.signedSerial(name))) {
            refused(ScenarioError.VALUE, use);
        }
    }

    @Test
    void aTrustDirectoryThatIsNotThereIsTold() {
        refused(ScenarioError.TRUST, () -> Trust.load(folder.resolve("none")));
    }

    @Test
    void trustIsJoinedByRoleAndNamesEachKeyOnce() {
        Trust mine = Trust.load(open(null).trustDir());
        Trust other = new Trust(List.of(), mine.root());
        assertThat(mine.and(mine)).isEqualTo(mine);
        assertThat(mine.and(other)).isEqualTo(new Trust(mine.root(), mine.root()));
    }
}
