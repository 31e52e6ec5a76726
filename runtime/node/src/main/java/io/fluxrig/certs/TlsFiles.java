package io.fluxrig.certs;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A node's certificate, its key and the authorities it trusts, as they lay in their directory at one moment: {@code tls.crt}, {@code tls.key}, {@code ca.crt}. */
record TlsFiles(SSLContext context, X509Certificate own, List<X509Certificate> authorities, String version) {
    private static final List<String> NAMES = List.of("tls.crt", "tls.key", "ca.crt");

    static TlsFiles read(Path directory) {
        String version = versionOf(directory);
        List<X509Certificate> chain = PemFiles.certificates(directory.resolve("tls.crt"));
        List<X509Certificate> authorities = PemFiles.certificates(directory.resolve("ca.crt"));
        PrivateKey key = PemFiles.key(directory.resolve("tls.key"));
        try {
            mustBelongTogether(key, chain.getFirst(), directory);
            return new TlsFiles(context(keys(key, chain), trust(authorities)), chain.getFirst(), authorities, version);
        } catch (GeneralSecurityException | IOException e) {
            throw new FluxException(
                    CertError.FILES, directory + ": certificate, key and authorities do not fit together", e);
        }
    }

    /** For one who only asks: without {@code tls.crt} it shows no certificate. */
    static SSLContext asking(Path directory) {
        if (Files.exists(directory.resolve("tls.crt"))) {
            return read(directory).context();
        }
        try {
            return context(null, trust(PemFiles.certificates(directory.resolve("ca.crt"))));
        } catch (GeneralSecurityException | IOException e) {
            throw new FluxException(CertError.FILES, directory + ": the authorities cannot be used", e);
        }
    }

    private static SSLContext context(KeyManager[] keys, TrustManager[] trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys, trust, null);
        return context;
    }

    private static KeyManager[] keys(PrivateKey key, List<X509Certificate> chain)
            throws GeneralSecurityException, IOException {
        KeyStore mine = KeyStore.getInstance("PKCS12");
        mine.load(null, null);
        char[] none = new char[0];
        mine.setKeyEntry("node", key, none, chain.toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(mine, none);
        return keys.getKeyManagers();
    }

    private static TrustManager[] trust(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            trusted.setCertificateEntry("ca-" + i, authorities.get(i));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        return trust.getTrustManagers();
    }

    /** While files are being replaced, one may be newer than the other. */
    private static void mustBelongTogether(PrivateKey key, X509Certificate certificate, Path directory)
            throws GeneralSecurityException {
        Signature signature = Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "EC", "ECDSA" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> key.getAlgorithm();
                });
        signature.initSign(key);
        signature.update(certificate.getSignature());
        byte[] made = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(certificate.getSignature());
        if (!signature.verify(made)) {
            throw new FluxException(CertError.FILES, directory + ": tls.key is not the key of tls.crt");
        }
    }

    /** Changes when a file does, also behind the symbolic links by which mounted secrets are replaced. */
    static String versionOf(Path directory) {
        StringBuilder version = new StringBuilder();
        for (String name : NAMES) {
            Path file = directory.resolve(name);
            try {
                version.append(Files.getLastModifiedTime(file))
                        .append('/')
                        .append(Files.size(file))
                        .append('/')
                        .append(Files.readAttributes(file.toRealPath(), BasicFileAttributes.class)
                                .fileKey())
                        .append(' ');
            } catch (IOException e) {
                throw new FluxException(CertError.FILES, file + " cannot be read", e);
            }
        }
        return version.toString();
    }

    /** Everything that ends when the first of these does. */
    static Stream<X509Certificate> all(X509Certificate own, Certificate[] peer) {
        return Stream.concat(
                Stream.of(own),
                Stream.of(peer).filter(X509Certificate.class::isInstance).map(X509Certificate.class::cast));
    }
}
