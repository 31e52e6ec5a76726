package io.fluxrig.signal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** The textual encoding of keys (RFC 7468), one object a file. */
final class Pem {
    private static final int MAX_BYTES = 16 * 1024;

    private Pem() {}

    static String encode(byte[] der, String label) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        return "-----BEGIN " + label + "-----\n" + lines.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /** The DER bytes between the lines that begin and end {@code label}. */
    static byte[] read(Path file, String label) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new FluxException(SignalError.KEY, file.getFileName() + " is too large to be a key");
        }
        String text = Files.readString(file);
        String begin = "-----BEGIN " + label + "-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new FluxException(SignalError.KEY, file.getFileName() + " holds no " + label);
        }
        try {
            return Base64.getDecoder()
                    .decode(text.substring(from + begin.length(), to).replaceAll("\\s", ""));
        } catch (IllegalArgumentException malformed) {
            throw new FluxException(SignalError.KEY, file.getFileName() + " is not PEM");
        }
    }
}
