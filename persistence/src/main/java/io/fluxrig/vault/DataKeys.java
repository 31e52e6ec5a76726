package io.fluxrig.vault;

import io.fluxrig.signal.Bytes;
import io.fluxrig.signal.DurableFile;
import io.fluxrig.signal.FluxException;
import io.fluxrig.signal.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The data-encryption keys of one Rack, each in a file of its own, wrapped by the Rack's key-encryption key. A wrapped key is
 * {@code nonce(12) ‖ AES-256-GCM(KEK, DEK, aad = "fluxrig/dek-wrap/1" ‖ k)}. Deleting a file shreds what it protects.
 */
public final class DataKeys {
    private static final int KEY_BYTES = 32;
    private static final byte[] WRAP_CONTEXT = "fluxrig/dek-wrap/1".getBytes(StandardCharsets.US_ASCII);

    private final Path directory;
    private final SecretKeySpec kek;
    private final SecureRandom random;
    private final Map<Bytes, DataKey> opened = new ConcurrentHashMap<>();

    private DataKeys(Path directory, SecretKeySpec kek, SecureRandom random) {
        this.directory = directory;
        this.kek = kek;
        this.random = random;
    }

    /** Opens the keys under {@code directory}; makes the key-encryption key where {@code kekFile} does not exist yet. */
    public static DataKeys open(Path directory, Path kekFile, SecureRandom random) {
        try {
            Files.createDirectories(directory);
            if (!Files.exists(kekFile)) {
                byte[] fresh = new byte[KEY_BYTES];
                random.nextBytes(fresh);
                DurableFile.writeSecret(kekFile, fresh);
            }
            return new DataKeys(directory, readKek(kekFile), random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For an auditor: opens what is there and makes nothing; without a key-encryption key every message stays sealed. */
    public static DataKeys readOnly(Path directory, Path kekFile) {
        try {
            return new DataKeys(directory, Files.isReadable(kekFile) ? readKek(kekFile) : null, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keys that lie open, in a bundle for example. */
    public static DataKeys unwrapped(List<byte[]> keys) {
        DataKeys all = new DataKeys(null, null, null);
        keys.stream().map(DataKey::new).forEach(key -> all.opened.put(key.k(), key));
        return all;
    }

    private static SecretKeySpec readKek(Path file) throws IOException {
        byte[] key = Files.readAllBytes(file);
        if (key.length != KEY_BYTES) {
            throw new FluxException(
                    VaultError.KEY_DAMAGED, "the key-encryption key has " + key.length + " bytes, not 32");
        }
        return new SecretKeySpec(key, "AES");
    }

    /** Makes a key, forces its wrapped form to disk, and only then returns it. */
    public DataKey fresh() {
        byte[] dek = new byte[KEY_BYTES];
        random.nextBytes(dek);
        DataKey key = new DataKey(dek);
        byte[] nonce = new byte[12];
        random.nextBytes(nonce);
        try {
            Cipher cipher = wrapCipher(Cipher.ENCRYPT_MODE, nonce, key.k());
            byte[] wrapped = cipher.doFinal(dek);
            DurableFile.writeSecret(
                    directory.resolve(key.k().hex()),
                    ByteBuffer.allocate(12 + wrapped.length)
                            .put(nonce)
                            .put(wrapped)
                            .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every JDK", e);
        } catch (IOException e) {
            throw new FluxException(VaultError.FAILED, "a data key could not be written: " + e.getMessage(), e);
        }
        opened.put(key.k(), key);
        return key;
    }

    /** The key of this name; empty where it was shredded or the key-encryption key is not here. */
    public Optional<DataKey> find(Bytes k) {
        DataKey known = opened.get(k);
        if (known != null) {
            return Optional.of(known);
        }
        if (kek == null) {
            return Optional.empty();
        }
        Path file = directory.resolve(k.hex());
        if (k.length() != KEY_BYTES || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            DataKey key = unwrap(k, Files.readAllBytes(file));
            opened.put(k, key);
            return Optional.of(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DataKey unwrap(Bytes k, byte[] file) {
        try {
            if (file.length == 12 + KEY_BYTES + 16) {
                Cipher cipher = wrapCipher(Cipher.DECRYPT_MODE, Arrays.copyOf(file, 12), k);
                DataKey key = new DataKey(cipher.doFinal(file, 12, file.length - 12));
                if (key.k().equals(k)) {
                    return key;
                }
            }
        } catch (GeneralSecurityException wrongKey) {
            // told below
        }
        throw new FluxException(VaultError.KEY_DAMAGED, "data key " + k.hex() + " does not open");
    }

    private Cipher wrapCipher(int mode, byte[] nonce, Bytes k) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, kek, new GCMParameterSpec(128, nonce));
        cipher.updateAAD(WRAP_CONTEXT);
        cipher.updateAAD(k.unsafeArray());
        return cipher;
    }

    /** Keys the hashes of an index; without the key-encryption key it is a constant, and nothing classified can be read or hashed. */
    public byte[] indexKey() {
        return derive("fluxrig/index/1", kek == null ? new byte[0] : kek.getEncoded());
    }

    /** SHA-256 over an ASCII context and a key, which names keys and derives the MAC key. */
    static byte[] derive(String context, byte[] dek) {
        return Hashes.sha256(context.getBytes(StandardCharsets.US_ASCII), dek);
    }
}
