package io.fluxrig.certs;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** TLS 1.3 between those who ask a node's management API and the node. The node shows its certificate; who asks may show one too. */
public final class ApiTls {
    private ApiTls() {}

    /** Makes the node's end of each connection, from files that are read again when they change. */
    public static Supplier<SSLEngine> answering(Path directory, Duration reload) {
        MutualTls files = new MutualTls(directory, reload, Clock.systemUTC());
        return files::engineForAnybody;
    }

    /** The other end: {@code ca.crt} says which nodes are believed, and {@code tls.crt} with {@code tls.key}, where they are there, who asks. */
    public static SSLContext asking(Path directory) {
        return TlsFiles.asking(directory);
    }
}
