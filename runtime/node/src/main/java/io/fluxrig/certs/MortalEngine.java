package io.fluxrig.certs;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * An engine that refuses to go on when a certificate of either end has ended: a connection does not outlive what it rests on. From then on both directions are done, which
 * is what the stream above waits for before it lets go of the connection.
 */
final class MortalEngine extends SSLEngine {
    private final SSLEngine engine;
    private final X509Certificate own;
    private final Clock clock;
    private final Optional<Function<X509Certificate, FrameLimit>> limits;
    private FrameLimit limit;
    private Instant end;
    /** Why nothing goes on; null while it does. */
    private String over;

    /** @param limits of what a peer may say, by its certificate, where somebody looks at that */
    MortalEngine(
            SSLEngine engine,
            X509Certificate own,
            Clock clock,
            Optional<Function<X509Certificate, FrameLimit>> limits) {
        super(engine.getPeerHost(), engine.getPeerPort());
        this.engine = engine;
        this.own = own;
        this.clock = clock;
        this.limits = limits;
    }

    private void checkAge() throws SSLException {
        if (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING || engine.isOutboundDone()) {
            return;
        }
        if (end == null) {
            try {
                end = TlsFiles.all(own, engine.getSession().getPeerCertificates())
                        .map(certificate -> certificate.getNotAfter().toInstant())
                        .min(Instant::compareTo)
                        .orElseThrow();
            } catch (SSLPeerUnverifiedException notYet) {
                return;
            }
        }
        if (over == null && clock.instant().isAfter(end)) {
            over = "a certificate of this connection ended at " + end;
        }
        if (over != null) {
            throw new SSLException(over);
        }
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer to) throws SSLException {
        checkAge();
        return engine.wrap(from, offset, length, to);
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] to, int offset, int length) throws SSLException {
        checkAge();
        if (limits.isEmpty()) {
            return engine.unwrap(from, to, offset, length);
        }
        int[] before = Stream.of(to).mapToInt(ByteBuffer::position).toArray();
        SSLEngineResult result = engine.unwrap(from, to, offset, length);
        if (result.bytesProduced() > 0) {
            for (int i = offset; i < offset + length; i++) {
                hear(to[i], before[i]);
            }
        }
        return result;
    }

    private void hear(ByteBuffer said, int from) throws SSLException {
        if (limit == null) {
            limit = limits.orElseThrow()
                    .apply((X509Certificate) engine.getSession().getPeerCertificates()[0]);
        }
        Optional<String> objection = limit.objectionTo(said.duplicate().flip().position(from));
        if (objection.isPresent()) {
            over = objection.get();
            throw new SSLException(over);
        }
    }

    @Override
    public Runnable getDelegatedTask() {
        return engine.getDelegatedTask();
    }

    @Override
    public void closeInbound() throws SSLException {
        engine.closeInbound();
    }

    @Override
    public boolean isInboundDone() {
        return over != null || engine.isInboundDone();
    }

    @Override
    public void closeOutbound() {
        engine.closeOutbound();
    }

    @Override
    public boolean isOutboundDone() {
        return over != null || engine.isOutboundDone();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return engine.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return engine.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        engine.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return engine.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return engine.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        engine.setEnabledProtocols(protocols);
    }

    @Override
    public SSLSession getSession() {
        return engine.getSession();
    }

    @Override
    public SSLSession getHandshakeSession() {
        return engine.getHandshakeSession();
    }

    @Override
    public void beginHandshake() throws SSLException {
        engine.beginHandshake();
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return engine.getHandshakeStatus();
    }

    @Override
    public void setUseClientMode(boolean client) {
        engine.setUseClientMode(client);
    }

    @Override
    public boolean getUseClientMode() {
        return engine.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        engine.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return engine.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        engine.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return engine.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean enable) {
        engine.setEnableSessionCreation(enable);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return engine.getEnableSessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return engine.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        engine.setSSLParameters(parameters);
    }

    @Override
    public String getApplicationProtocol() {
        return engine.getApplicationProtocol();
    }

    @Override
    public String getHandshakeApplicationProtocol() {
        return engine.getHandshakeApplicationProtocol();
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(BiFunction<SSLEngine, List<String>, String> selector) {
        engine.setHandshakeApplicationProtocolSelector(selector);
    }

    @Override
    public BiFunction<SSLEngine, List<String>, String> getHandshakeApplicationProtocolSelector() {
        return engine.getHandshakeApplicationProtocolSelector();
    }
}
