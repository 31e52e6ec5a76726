package io.fluxrig.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in at the management API. */
class ApiTokensTest {
    @TempDir
    private Path folder;

    private static final InetAddress AWAY = address("192.0.2.7");

    private final String token = ApiTokens.fresh(new SecureRandom());

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private Path file(String... lines) throws IOException {
        return Files.write(folder.resolve("tokens"), List.of(lines));
    }

    private Path alice(Role role) throws IOException {
        return file("# who may ask", "", ApiTokens.line("alice", role, token).strip());
    }

    private static HttpRequest from(InetAddress address) {
        return HttpRequest.create("/api/v1/node")
                .addAttribute(AttributeKeys.remoteAddress, RemoteAddress.create(address));
    }

    private HttpRequest withToken(InetAddress address, String shown) {
        return from(address).addHeader(RawHeader.create("Authorization", "Bearer " + shown));
    }

    private static String refusal(ApiDoor door, HttpRequest request) {
        try {
            door.admit(request, false);
            return "let in";
        } catch (FluxException shut) {
            return shut.code().code();
        }
    }

    @Test
    void aTokenIsKnownByItsHashAndStandsNowhere() throws IOException {
        Path file = alice(Role.AUDITOR);
        assertThat(ApiTokens.at(file).callerWith(token)).contains(new Caller("alice", Set.of(Role.AUDITOR)));
        assertThat(ApiTokens.at(file).callerWith(token + "x")).isEmpty();
        assertThat(ApiTokens.at(file).callerWith("")).isEmpty();
        assertThat(Files.readString(file)).doesNotContain(token);
        assertThat(ApiTokens.fresh(new SecureRandom())).isNotEqualTo(token).hasSizeGreaterThan(40);
    }

    @Test
    void aLineThatIsTakenOutShutsAtOnceAndAFileThatCannotBeReadShutsEverybodyOut() throws IOException {
        Path file = alice(Role.VIEWER);
        ApiDoor door = new ApiDoor(Optional.of(ApiTokens.at(file)), "fleet.test");
        InetAddress here = InetAddress.getLoopbackAddress();
        assertThat(door.admit(withToken(here, token), false).name()).isEqualTo("alice");
        file("# nobody");
        assertThat(refusal(door, withToken(here, token))).isEqualTo("FLX-6057");
        file("alice root 00");
        assertThat(refusal(door, withToken(here, token))).isEqualTo("FLX-6055");
        Files.delete(file);
        assertThat(refusal(door, withToken(here, token))).isEqualTo("FLX-6055");
        assertThat(door.refused(NodeError.TOKEN_FILE)).isEqualTo(2);
        assertThat(door.refused(NodeError.TOKEN_UNKNOWN)).isEqualTo(1);
    }

    @Test
    void aFileWithALineThatIsNoneIsRefusedWithItsPlace() throws IOException {
        Path file = file("# fine", "alice auditor tooshort");
        assertThatThrownBy(() -> ApiTokens.at(file))
                .hasMessageContaining("tokens:2")
                .hasMessageContaining("viewer, operator or auditor");
        assertThatThrownBy(() -> ApiTokens.line("al ice", Role.VIEWER, token)).isInstanceOf(FluxException.class);
    }

    @Test
    void inClearOnlyTheOwnMachineIsHeardWhateverItShows() throws IOException {
        ApiDoor open = new ApiDoor(Optional.empty(), "fleet.test");
        assertThat(open.admit(from(InetAddress.getLoopbackAddress()), false)).isEqualTo(Caller.LOCAL);
        assertThat(refusal(open, from(AWAY))).isEqualTo("FLX-6049");
        assertThat(refusal(open, HttpRequest.create("/api/v1/node"))).isEqualTo("FLX-6049");
        ApiDoor known = new ApiDoor(Optional.of(ApiTokens.at(alice(Role.OPERATOR))), "fleet.test");
        assertThat(refusal(known, withToken(AWAY, token))).isEqualTo("FLX-6049");
        assertThat(refusal(known, from(InetAddress.getLoopbackAddress()))).isEqualTo("FLX-6056");
        assertThat(refusal(
                        known,
                        from(InetAddress.getLoopbackAddress())
                                .addHeader(RawHeader.create("Authorization", "Basic YTpi"))))
                .isEqualTo("FLX-6056");
    }

    @Test
    void eachRoleLooksAndOnlyItsOwnDoesMore() {
        for (Role role : Role.values()) {
            for (Role needed : Role.values()) {
                assertThat(new Caller("x", Set.of(role)).may(needed))
                        .as("%s as %s", role, needed)
                        .isEqualTo(needed == Role.VIEWER || needed == role);
            }
        }
        assertThat(Caller.LOCAL.may(Role.AUDITOR)).isFalse();
        assertThat(Caller.LOCAL.may(Role.OPERATOR)).isTrue();
    }
}
