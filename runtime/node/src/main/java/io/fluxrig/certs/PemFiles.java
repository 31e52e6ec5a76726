package io.fluxrig.certs;

import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** Certificates and private keys as files in PEM form. */
final class PemFiles {
    private static final long MAX_BYTES = 1 << 20;

    private PemFiles() {}

    /** At least one. */
    static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> all = new ArrayList<>();
        try (PEMParser parser = new PEMParser(bounded(file))) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                if (part instanceof X509CertificateHolder holder) {
                    all.add(new JcaX509CertificateConverter().getCertificate(holder));
                }
            }
        } catch (IOException | CertificateException | RuntimeException e) {
            throw unusable(file, e);
        }
        if (all.isEmpty()) {
            throw new FluxException(CertError.FILES, file + " holds no certificate");
        }
        return List.copyOf(all);
    }

    static PrivateKey key(Path file) {
        try (PEMParser parser = new PEMParser(bounded(file))) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                if (part instanceof PrivateKeyInfo info) {
                    return new JcaPEMKeyConverter().getPrivateKey(info);
                }
                if (part instanceof PEMKeyPair pair) {
                    return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
                }
            }
        } catch (IOException | RuntimeException e) {
            throw unusable(file, e);
        }
        throw new FluxException(CertError.FILES, file + " holds no private key that can be read without a password");
    }

    private static Reader bounded(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new FluxException(CertError.FILES, file + " is larger than 1 MiB");
        }
        return Files.newBufferedReader(file);
    }

    private static FluxException unusable(Path file, Exception why) {
        return why instanceof FluxException numbered
                ? numbered
                : new FluxException(
                        CertError.FILES, file + ": " + why.getClass().getSimpleName(), why);
    }

    static void write(Path file, List<X509Certificate> certificates) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (X509Certificate certificate : certificates) {
                writer.writeObject(certificate);
            }
        }
        DurableFile.write(file, text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** Readable by its owner alone, from the first byte on. */
    static void write(Path file, PrivateKey key) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(new JcaPKCS8Generator(key, null));
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text.toString());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
