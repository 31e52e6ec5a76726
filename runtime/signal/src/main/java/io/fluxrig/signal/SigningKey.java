package io.fluxrig.signal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Set;

/** An Ed25519 private key (RFC 8032). Nothing that it prints shows the key. */
public final class SigningKey {
    private static final int LENGTH = 32;

    /** PKCS#8 up to the seed (RFC 8410 section 7). */
    private static final Bytes PKCS8 = Bytes.ofHex("302e020100300506032b657004220420");

    private final byte[] seed;
    private final PrivateKey key;
    private final VerifyKey publicKey;

    private SigningKey(byte[] seed) {
        this.seed = seed;
        try {
            KeyPairGenerator pairs = KeyPairGenerator.getInstance("Ed25519");
            pairs.initialize(NamedParameterSpec.ED25519, new Seed(seed));
            KeyPair pair = pairs.generateKeyPair();
            this.key = pair.getPrivate();
            this.publicKey = VerifyKey.ofDer(pair.getPublic().getEncoded()).orElseThrow();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of every JDK", e);
        }
    }

    /** The JDK derives a public key only from a private key that it draws itself (RFC 8032 section 5.1.5): it draws this one. */
    private static final class Seed extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final transient byte[] seed;

        Seed(byte[] seed) {
            super(null, null);
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(seed, 0, bytes, 0, LENGTH);
        }
    }

    public static SigningKey generate(SecureRandom random) {
        byte[] seed = new byte[LENGTH];
        random.nextBytes(seed);
        return new SigningKey(seed);
    }

    /** @throws FluxException KEY where the file is not an unencrypted Ed25519 private key in PEM form */
    public static SigningKey readPem(Path file) {
        try {
            byte[] der = Pem.read(file, "PRIVATE KEY");
            if (der.length == PKCS8.length() + LENGTH
                    && Bytes.copyOf(der, 0, PKCS8.length()).equals(PKCS8)) {
                return new SigningKey(Arrays.copyOfRange(der, PKCS8.length(), der.length));
            }
        } catch (IOException e) {
            throw new FluxException(SignalError.KEY, file + " cannot be read", e);
        }
        throw new FluxException(SignalError.KEY, file.getFileName() + " is not an Ed25519 private key");
    }

    /**
     * Writes the private key, readable by its owner alone from the first byte on, and the public key beside it.
     *
     * @throws FluxException KEY where a file of that name exists: keys are never overwritten
     */
    public void writePem(Path privateFile) {
        byte[] der = Arrays.copyOf(PKCS8.unsafeArray(), PKCS8.length() + LENGTH);
        System.arraycopy(seed, 0, der, PKCS8.length(), LENGTH);
        try {
            Files.createDirectories(privateFile.toAbsolutePath().getParent());
            // The public file first: whoever finds a private key may rely on the other being there.
            create(publicFile(privateFile), publicKey.pem(), "rw-r--r--");
            try {
                create(privateFile, Pem.encode(der, "PRIVATE KEY"), "rw-------");
            } catch (IOException e) {
                Files.delete(publicFile(privateFile));
                throw e;
            }
        } catch (FileAlreadyExistsException exists) {
            throw new FluxException(SignalError.KEY, exists.getFile() + " exists already; keys are never overwritten");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void create(Path file, String text, String permissions) throws IOException {
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(
                file, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)))) {
            ByteBuffer buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** {@code NAME.pub.pem} beside {@code NAME.pem}. */
    public static Path publicFile(Path privateFile) {
        String name = privateFile.getFileName().toString();
        String base = name.endsWith(".pem") ? name.substring(0, name.length() - 4) : name;
        return privateFile.resolveSibling(base + ".pub.pem");
    }

    /** 64 bytes. */
    public byte[] sign(byte[] message) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of every JDK", e);
        }
    }

    public VerifyKey publicKey() {
        return publicKey;
    }

    @Override
    public String toString() {
        return "SigningKey[" + publicKey.kid().hex().substring(0, 16) + "]";
    }
}
