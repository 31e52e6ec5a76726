package io.fluxrig.spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a spec file may be named from beside another file: an allow-list that is checked before the file system is asked. */
public final class SpecPath {
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern DEVICE =
            Pattern.compile("(CON|PRN|AUX|NUL|COM[1-9]|LPT[1-9])(\\..*)?", Pattern.CASE_INSENSITIVE);
    private static final int MAX_SEGMENTS = 8;
    private static final int MAX_LENGTH = 255;

    private SpecPath() {}

    /**
     * Whether this names a file in a folder or below: at most 8 segments of ASCII letters, digits, {@code . _ -}, 255 characters in all; no segment begins or ends
     * with a dot or is the name of a device.
     */
    public static boolean isPath(String text) {
        if (text.length() > MAX_LENGTH) {
            return false;
        }
        String[] segments = text.split("/", -1);
        for (String segment : segments) {
            if (!SEGMENT.matcher(segment).matches()
                    || segment.endsWith(".")
                    || DEVICE.matcher(segment).matches()) {
                return false;
            }
        }
        return segments.length <= MAX_SEGMENTS;
    }

    /**
     * The real file of this name, or empty where it lies outside the real folder, such as behind a symbolic link.
     *
     * @throws IOException where there is no such file
     */
    public static Optional<Path> below(Path folder, String path) throws IOException {
        Path real = folder.toRealPath();
        Path file = real.resolve(path).toRealPath();
        return file.startsWith(real) ? Optional.of(file) : Optional.empty();
    }
}
