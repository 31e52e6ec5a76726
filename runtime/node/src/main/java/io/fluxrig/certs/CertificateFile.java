package io.fluxrig.certs;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;

/** What the certificates in a file say, for people and their programs. */
public final class CertificateFile {
    private CertificateFile() {}

    public record Entry(String subject, String issuer, String sha256, Identity identity) {}

    /** @param file in PEM form, or a directory with {@code tls.crt} */
    public static List<Entry> read(Path file) {
        return PemFiles.certificates(Files.isDirectory(file) ? file.resolve("tls.crt") : file).stream()
                .map(CertificateFile::entry)
                .toList();
    }

    /** A node's own certificate, when its key and its authorities can be used with it. */
    public static Entry usable(Path directory) {
        return entry(TlsFiles.read(directory).own());
    }

    private static Entry entry(X509Certificate certificate) {
        try {
            return new Entry(
                    certificate.getSubjectX500Principal().getName(),
                    certificate.getIssuerX500Principal().getName(),
                    Bytes.wrap(Hashes.sha256(certificate.getEncoded())).hex(),
                    Identity.of(certificate));
        } catch (CertificateEncodingException e) {
            throw new FluxException(CertError.FILES, "a certificate cannot be encoded", e);
        }
    }
}
