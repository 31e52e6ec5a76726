package io.fluxrig.signal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Keeps reservations in one small file for each machine id: 8 bytes of time unit and 4 of CRC32C. Replaced as a whole and forced
 * before a reservation counts, on this machine alone: it is asked for where sockets are served, which waits for nobody elsewhere. A file that is there but not whole is an error: starting at zero could repeat an id.
 */
public final class FileReservation implements FluxIdGenerator.Reservation {
    private static final int LENGTH = 12;

    private final Path directory;

    private FileReservation(Path directory) {
        this.directory = directory;
    }

    public static FileReservation in(Path directory) {
        return new FileReservation(directory);
    }

    @Override
    public long reservedThrough(int machine) {
        Path file = file(machine);
        try {
            byte[] content = Files.readAllBytes(file);
            if (content.length == LENGTH) {
                ByteBuffer buffer = ByteBuffer.wrap(content);
                long through = buffer.getLong();
                if (buffer.getInt() == crc(content)) {
                    return through;
                }
            }
        } catch (NoSuchFileException firstStart) {
            return 0;
        } catch (IOException e) {
            throw new FluxException(SignalError.RESERVATION, file.getFileName() + " cannot be read", e);
        }
        throw new FluxException(SignalError.RESERVATION, file.getFileName() + " is damaged");
    }

    @Override
    public void reserve(int machine, long throughTimeUnit) {
        ByteBuffer content = ByteBuffer.allocate(LENGTH).putLong(throughTimeUnit);
        content.putInt(crc(content.array()));
        try {
            DurableFile.writeHere(file(machine), content.array());
        } catch (IOException e) {
            throw new UncheckedIOException("ids of machine " + machine + " cannot be reserved", e);
        }
    }

    private Path file(int machine) {
        return directory.resolve("ids-" + machine);
    }

    private static int crc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, 8);
        return (int) crc.getValue();
    }
}
