package io.fluxrig.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** A collector that speaks OTLP over HTTP, and misbehaves when told to. */
final class Collector implements AutoCloseable {
    final List<Span> spans = new CopyOnWriteArrayList<>();
    final List<String> metrics = new CopyOnWriteArrayList<>();
    final Set<String> resources = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer server;
    volatile int status = 200;
    volatile boolean hangs;

    Collector() throws IOException {
        this(0);
    }

    Collector(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(
                Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            InputStream body = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                    ? new GZIPInputStream(exchange.getRequestBody())
                    : exchange.getRequestBody();
            byte[] bytes = body.readAllBytes();
            if (hangs) {
                closed.await();
            }
            if (status == 200) {
                if (exchange.getRequestURI().getPath().equals("/v1/traces")) {
                    ExportTraceServiceRequest.parseFrom(bytes).getResourceSpansList().stream()
                            .flatMap(r -> r.getScopeSpansList().stream())
                            .forEach(s -> spans.addAll(s.getSpansList()));
                } else {
                    var all = ExportMetricsServiceRequest.parseFrom(bytes).getResourceMetricsList();
                    all.forEach(r -> r.getResource()
                            .getAttributesList()
                            .forEach(a -> resources.add(
                                    a.getKey() + "=" + a.getValue().getStringValue())));
                    all.stream()
                            .flatMap(r -> r.getScopeMetricsList().stream())
                            .flatMap(s -> s.getMetricsList().stream())
                            .forEach(m -> metrics.add(m.getName()));
                }
            }
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
