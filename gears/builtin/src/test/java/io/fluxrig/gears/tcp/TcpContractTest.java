package io.fluxrig.gears.tcp;

import io.fluxrig.gear.testkit.GearContract;
import io.fluxrig.signal.FluxMap;
import io.fluxrig.signal.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class TcpContractTest {
    private static Value address() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Value.of("127.0.0.1:" + socket.getLocalPort());
        }
    }

    @Test
    void aListeningPortIsHandedOver() throws IOException {
        GearContract.of(new TcpServerType())
                .settings(FluxMap.of("listen", address()))
                .check()
                .orThrow();
    }

    @Test
    void twoLinksToOnePeerStandBesideEachOther() throws IOException {
        GearContract.of(new TcpClientType())
                .settings(FluxMap.of("connect", address()))
                .check()
                .orThrow();
    }
}
