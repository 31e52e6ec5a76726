package io.fluxrig.signal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/** The textual encoding of keys (RFC 7468), one object a file. */
final class Pem {
    private Pem() {}

    static String encode(byte[] der, String label) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        return "-----BEGIN " + label + "-----\n" + lines.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    static byte[] decode(String text, String label, Path file) {
        String begin = "-----BEGIN " + label + "-----";
        String end = "-----END " + label + "-----";
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from || text.length() > 4096) {
            throw new FluxException(SignalError.KEY, file.getFileName() + " holds no " + label);
        }
        try {
            return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
        } catch (IllegalArgumentException malformed) {
            throw new FluxException(SignalError.KEY, file.getFileName() + " is not PEM");
        }
    }
}
