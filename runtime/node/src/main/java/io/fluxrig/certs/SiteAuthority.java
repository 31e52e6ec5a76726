package io.fluxrig.certs;

import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority for a site that has none. Its directory holds {@code ca-<n>.key} and {@code ca-<n>.crt}, the number of the one that issues in {@code
 * issuer}, and in {@code ca.crt} all that are trusted now. A change of authority takes three steps, so that both are trusted everywhere before the new one issues,
 * and until everybody has a certificate of the new one.
 */
public final class SiteAuthority {
    private static final Duration OWN_LIFE = Duration.ofDays(3650);
    /** Clocks of a site may differ by as much. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?|::1");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|.*:.*");
    private static final Pattern SITE = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    private static final Set<String> ROLES = Set.of("mixer", "rack", "viewer", "operator", "auditor");

    private final Path directory;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    private SiteAuthority(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** What a node's certificate is to say. */
    public record Request(String name, Set<String> roles, List<String> hosts, Duration life) {
        public Request {
            if (!HOST.matcher(name).matches()) {
                throw new FluxException(CertError.NAME, "'" + name.replaceAll("[^ -~]", "?") + "' is not a name");
            }
            for (String host : hosts) {
                if (!HOST.matcher(host).matches()) {
                    throw new FluxException(CertError.NAME, "'" + host.replaceAll("[^ -~]", "?") + "' is not a host");
                }
            }
            if (roles.isEmpty() || !ROLES.containsAll(roles)) {
                throw new FluxException(CertError.NAME, "roles " + roles);
            }
        }
    }

    public static SiteAuthority init(Path directory, String site, Clock clock) {
        if (!SITE.matcher(site).matches()) {
            throw new FluxException(CertError.NAME, "'" + site.replaceAll("[^ -~]", "?") + "' is not a site");
        }
        if (Files.exists(directory.resolve("issuer"))) {
            throw new FluxException(CertError.AUTHORITY_EXISTS, directory.toString());
        }
        SiteAuthority authority = new SiteAuthority(directory, clock);
        try {
            Files.createDirectories(directory);
            authority.make(1, site);
            authority.trust(List.of(1));
            authority.issueBy(1);
        } catch (IOException e) {
            throw failed(directory, e);
        }
        return authority;
    }

    public static SiteAuthority open(Path directory, Clock clock) {
        if (!Files.exists(directory.resolve("issuer"))) {
            throw new FluxException(CertError.NO_AUTHORITY, directory.toString());
        }
        return new SiteAuthority(directory, clock);
    }

    /** Every authority that is trusted now. */
    public Path bundle() {
        return directory.resolve("ca.crt");
    }

    /** A second authority is trusted from now on; the first goes on issuing. */
    public void rotate() {
        int issuer = issuer();
        try {
            if (Files.exists(certificate(issuer + 1))) {
                throw new FluxException(CertError.ROTATION, "authority " + (issuer + 1) + " is trusted already");
            }
            make(issuer + 1, site());
            trust(List.of(issuer, issuer + 1));
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    /** The second authority issues from now on. */
    public void switchOver() {
        int issuer = issuer();
        if (!Files.exists(certificate(issuer + 1))) {
            throw new FluxException(CertError.ROTATION, "there is no next authority yet");
        }
        try {
            issueBy(issuer + 1);
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    /** The authority that issues is the only one trusted from now on. */
    public void finish() {
        int issuer = issuer();
        if (Files.exists(certificate(issuer + 1))) {
            throw new FluxException(CertError.ROTATION, "authority " + (issuer + 1) + " does not issue yet");
        }
        try {
            trust(List.of(issuer));
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    public String site() {
        return Identity.of(PemFiles.certificates(certificate(issuer())).getFirst())
                .site()
                .orElseThrow(() -> new FluxException(CertError.FILES, certificate(issuer()) + " names no site"));
    }

    /** Writes {@code tls.key}, {@code tls.crt} and {@code ca.crt}, the last one last: a node that sees the new bundle finds the rest. */
    public X509Certificate issue(Request request, Path out) {
        try {
            Files.createDirectories(out);
            KeyPair pair = pair();
            int issuer = issuer();
            X509Certificate authority =
                    PemFiles.certificates(certificate(issuer)).getFirst();
            List<GeneralName> names = new ArrayList<>();
            names.add(uri(Identity.SITE + site()));
            request.roles().forEach(role -> names.add(uri(Identity.ROLE + role)));
            request.hosts()
                    .forEach(host -> names.add(new GeneralName(
                            ADDRESS.matcher(host).matches() ? GeneralName.iPAddress : GeneralName.dNSName, host)));
            X509v3CertificateBuilder builder = builder(
                            X500Name.getInstance(
                                    authority.getSubjectX500Principal().getEncoded()),
                            named(request.name(), site()),
                            pair.getPublic(),
                            request.life())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                        KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                    }))
                    .addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.toArray(GeneralName[]::new)))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.getPublicKey()));
            X509Certificate certificate = signed(builder, PemFiles.key(key(issuer)));
            PemFiles.write(out.resolve("tls.key"), pair.getPrivate());
            PemFiles.write(out.resolve("tls.crt"), List.of(certificate));
            PemFiles.write(out.resolve("ca.crt"), PemFiles.certificates(bundle()));
            return certificate;
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw failed(out, e);
        }
    }

    private void make(int number, String site) throws IOException {
        try {
            KeyPair pair = pair();
            X500Name name = named("fluxrig authority " + number, site);
            X509v3CertificateBuilder builder = builder(name, name, pair.getPublic(), OWN_LIFE)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(uri(Identity.SITE + site)))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            PemFiles.write(key(number), pair.getPrivate());
            PemFiles.write(certificate(number), List.of(signed(builder, pair.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw failed(directory, e);
        }
    }

    private X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, PublicKey key, Duration life) {
        Instant now = clock.instant();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, random),
                Date.from(now.minus(SKEW)),
                Date.from(now.plus(life)),
                subject,
                key);
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private static X500Name named(String name, String site) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, site)
                .addRDN(BCStyle.CN, name)
                .build();
    }

    private static GeneralName uri(String value) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, value);
    }

    private KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private void trust(List<Integer> numbers) throws IOException {
        PemFiles.write(
                bundle(),
                numbers.stream()
                        .flatMap(n -> PemFiles.certificates(certificate(n)).stream())
                        .toList());
    }

    private void issueBy(int number) throws IOException {
        DurableFile.write(directory.resolve("issuer"), (number + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private int issuer() {
        try {
            return Integer.parseInt(
                    Files.readString(directory.resolve("issuer")).strip());
        } catch (IOException | NumberFormatException e) {
            throw failed(directory.resolve("issuer"), e);
        }
    }

    private Path key(int number) {
        return directory.resolve("ca-" + number + ".key");
    }

    private Path certificate(int number) {
        return directory.resolve("ca-" + number + ".crt");
    }

    private static FluxException failed(Path where, Exception why) {
        return new FluxException(CertError.FILES, where + ": " + why.getMessage(), why);
    }
}
