package io.fluxrig.node;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Who may ask the management API: a file of lines {@code name role sha256}, in which no token stands. It is read at each question, so that what is taken out of it is
 * shut out at once; while it cannot be read, everybody is.
 */
public final class ApiTokens {
    private static final int MAX_BYTES = 1 << 20;
    private static final int TOKEN_BYTES = 32;
    /** By which a token that has leaked somewhere is found. */
    private static final String PREFIX = "fluxrig_";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9@._-]{0,63}");
    private static final Pattern LINE = Pattern.compile("(\\S+)\\s+(\\S+)\\s+([0-9a-f]{64})");

    private record Entry(Caller caller, Bytes sha256) {}

    private final Path file;

    private ApiTokens(Path file) {
        this.file = file;
    }

    /** @throws FluxException TOKEN_FILE where it cannot be used as it is now */
    static ApiTokens at(Path file) {
        ApiTokens tokens = new ApiTokens(file);
        tokens.read();
        return tokens;
    }

    /**
     * How many tokens a file holds.
     *
     * @throws FluxException TOKEN_FILE where it cannot be used
     */
    public static int countIn(Path file) {
        return at(file).read().size();
    }

    /** A token that nobody can guess. */
    public static String fresh(SecureRandom random) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The line of a token.
     *
     * @throws FluxException TOKEN_NAME where the name is none
     */
    public static String line(String name, Role role, String token) {
        if (!NAME.matcher(name).matches()) {
            throw new FluxException(NodeError.TOKEN_NAME, "'" + LeafJson.printable(name) + "'");
        }
        return name + " " + role.text() + " " + hash(token).hex() + "\n";
    }

    private static Bytes hash(String token) {
        return Bytes.wrap(Hashes.sha256(token.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whose token it is. Every line is compared, each in constant time. */
    Optional<Caller> callerWith(String token) {
        byte[] asked = hash(token).unsafeArray();
        Optional<Caller> found = Optional.empty();
        for (Entry entry : read()) {
            if (MessageDigest.isEqual(asked, entry.sha256().unsafeArray())) {
                found = Optional.of(entry.caller());
            }
        }
        return found;
    }

    private List<Entry> read() {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new FluxException(NodeError.TOKEN_FILE, file + " has more than " + MAX_BYTES + " bytes");
            }
            List<String> lines = Files.readAllLines(file);
            return IntStream.range(0, lines.size())
                    .filter(i -> !lines.get(i).isBlank() && !lines.get(i).startsWith("#"))
                    .mapToObj(i -> entry(lines.get(i).strip(), i + 1))
                    .toList();
        } catch (IOException unreadable) {
            throw new FluxException(NodeError.TOKEN_FILE, file + " cannot be read", unreadable);
        }
    }

    private Entry entry(String line, int number) {
        Matcher parts = LINE.matcher(line);
        Optional<Role> role = parts.matches() ? Role.of(parts.group(2)) : Optional.empty();
        if (role.isEmpty() || !NAME.matcher(parts.group(1)).matches()) {
            throw new FluxException(
                    NodeError.TOKEN_FILE,
                    file + ":" + number + ": a line is a name, viewer, operator or auditor, and 64 hex digits");
        }
        return new Entry(new Caller(parts.group(1), Set.of(role.get())), Bytes.ofHex(parts.group(3)));
    }
}
