package io.fluxrig.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {
    /** RFC 8410 section 10.3 and 10.1: one key pair, as openssl prints it. */
    private static final String RFC_PRIVATE = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----
            """;

    private static final String RFC_PUBLIC = """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
            -----END PUBLIC KEY-----
            """;

    @TempDir
    Path dir;

    @Test
    void readsTheKeysOfTheRfc() throws IOException {
        SigningKey key = SigningKey.readPem(Files.writeString(dir.resolve("a.pem"), RFC_PRIVATE));
        assertThat(key.publicKey().pem()).isEqualTo(RFC_PUBLIC);
        assertThat(VerifyKey.readPem(Files.writeString(dir.resolve("b.pem"), RFC_PUBLIC)))
                .isEqualTo(key.publicKey());
    }

    @Test
    void comesBackFromItsFile() throws IOException {
        Path file = dir.resolve("deep/name.pem");
        SigningKey key = SigningKey.generate(new SecureRandom());
        key.writePem(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        SigningKey read = SigningKey.readPem(file);
        assertThat(read.publicKey()).isEqualTo(key.publicKey());
        assertThat(VerifyKey.readPem(dir.resolve("deep/name.pub.pem"))).isEqualTo(key.publicKey());
        assertThat(key.publicKey().verify(new byte[3], read.sign(new byte[3]))).isTrue();
        assertThat(key.publicKey().kid())
                .isEqualTo(Bytes.wrap(Hashes.sha256(key.publicKey().raw().toArray())));
    }

    @Test
    void overwritesNothing() throws IOException {
        Path file = dir.resolve("name.pem");
        Files.writeString(file, "precious");
        assertThatThrownBy(() -> Keys.FIRST.writePem(file)).isInstanceOf(FluxException.class);
        assertThat(file).hasContent("precious");
        assertThat(dir.resolve("name.pub.pem")).doesNotExist();
        Path other = dir.resolve("other.pem");
        Files.writeString(dir.resolve("other.pub.pem"), "precious");
        assertThatThrownBy(() -> Keys.FIRST.writePem(other)).isInstanceOf(FluxException.class);
        assertThat(dir.resolve("other.pub.pem")).hasContent("precious");
        assertThat(other).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhCAA==\n-----END PRIVATE KEY-----\n",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMC4=\n-----END ENCRYPTED PRIVATE KEY-----\n"
            })
    void refusesWhatIsNoKey(String pem) throws IOException {
        Path file = Files.writeString(dir.resolve("bad.pem"), pem);
        assertThatThrownBy(() -> SigningKey.readPem(file))
                .isInstanceOfSatisfying(
                        FluxException.class, e -> assertThat(e.code()).isEqualTo(SignalError.KEY));
        assertThatThrownBy(() -> VerifyKey.readPem(file)).isInstanceOf(FluxException.class);
    }

    @Test
    void aMissingFileIsAKeyError() {
        assertThatThrownBy(() -> SigningKey.readPem(dir.resolve("none"))).isInstanceOf(FluxException.class);
        assertThatThrownBy(() -> VerifyKey.readPem(dir.resolve("none"))).isInstanceOf(FluxException.class);
    }

    @Test
    void printsNoKey() {
        assertThat(Keys.FIRST.toString()).hasSizeLessThan(40).doesNotContain("01".repeat(8));
    }
}
