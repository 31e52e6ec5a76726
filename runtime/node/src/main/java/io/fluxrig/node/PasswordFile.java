package io.fluxrig.node;

import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/** The password of PostgreSQL, read from its file for each connection: one that was changed holds from the next connection on, and no configuration contains it. */
public final class PasswordFile implements AuthenticationPlugin {
    /** The property of a connection that names the file. */
    static final String PROPERTY = "fluxrigPasswordFile";

    private final String file;

    /** As the driver makes it. */
    public PasswordFile(Properties connection) {
        this.file = connection.getProperty(PROPERTY, "");
    }

    @Override
    public char[] getPassword(AuthenticationRequestType type) throws PSQLException {
        if (file.isEmpty()) {
            throw new PSQLException(
                    "it wants a password, and FLUXRIG_JDBC_PASSWORD_FILE names none", PSQLState.INVALID_PASSWORD);
        }
        try {
            String text =
                    Files.readString(Path.of(file), StandardCharsets.UTF_8).strip();
            char[] password = new char[text.length()];
            CharBuffer.wrap(text).get(password);
            return password;
        } catch (IOException unreadable) {
            throw new PSQLException(
                    "the file of its password, " + file + ", cannot be read", PSQLState.INVALID_PASSWORD, unreadable);
        }
    }
}
