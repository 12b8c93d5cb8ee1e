package dev.errand.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class ServicePortTest {
  private static final int CALLS = 5_000;

  @Test
  void aPortInUseEndsTheStartWithItsSetting() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertRefused("QUARKUS_HTTP_PORT", Map.of("quarkus.http.port", port(taken)));
      assertRefused(
          "QUARKUS_MANAGEMENT_PORT",
          Map.of("quarkus.management.enabled", "true", "quarkus.management.port", port(taken)));
    }
  }

  @Test
  void onePortForBothEndsTheStart() throws IOException {
    String port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = port(free);
    }
    assertRefused(
        "QUARKUS_MANAGEMENT_PORT",
        Map.of(
            "quarkus.http.port",
            port,
            "quarkus.management.enabled",
            "true",
            "quarkus.management.port",
            port));
  }

  @Test
  void anAddressOfAnotherMachineEndsTheStart() {
    assertRefused(
        "QUARKUS_HTTP_HOST", Map.of("quarkus.http.host", "192.0.2.1", "quarkus.http.port", "8080"));
  }

  @Test
  void aFreePortIsFreeAfterwards() throws IOException {
    String port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = port(free);
    }
    ServicePort.requireFree(config(Map.of("quarkus.http.port", port)));
    try (ServerSocket again =
        new ServerSocket(Integer.parseInt(port), 1, InetAddress.getLoopbackAddress())) {
      assertTrue(again.isBound());
    }
  }

  @Test
  void noCallerIsAcceptedWhileAPortIsTried() throws Exception {
    InetSocketAddress address;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
    }
    Config config = config(Map.of("quarkus.http.port", Integer.toString(address.getPort())));
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger accepted = new AtomicInteger();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (calls.incrementAndGet() < CALLS) {
                    if (isAccepted(address)) {
                      accepted.incrementAndGet();
                    }
                  }
                });
    while (calls.get() < CALLS) {
      ServicePort.requireFree(config);
    }
    caller.join();
    assertEquals(0, accepted.get());
  }

  private static boolean isAccepted(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      // From a port of its own: a connection to the port that it comes from succeeds by itself.
      socket.bind(new InetSocketAddress("127.0.0.2", 0));
      socket.connect(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void startsThatNeedNoPortOfTheirOwnTryNone() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (Map<String, String> settings :
          List.of(
              Map.of("quarkus.init-and-exit", "true"),
              Map.of("quarkus.http.so-reuse-port", "true"),
              Map.of("quarkus.http.host-enabled", "false"),
              Map.of("quarkus.http.insecure-requests", "disabled"))) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("quarkus.http.port", port(taken));
        ServicePort.requireFree(config(all));
      }
    }
  }

  @Test
  void aPortThatTheSystemChoosesIsNone() {
    assertEquals(List.of(), ServicePort.of(config(Map.of("quarkus.http.port", "0"))));
  }

  private static void assertRefused(String setting, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(Map.of("quarkus.http.port", "0"));
    all.putAll(settings);
    StartException refusal =
        assertThrows(StartException.class, () -> ServicePort.requireFree(config(all)));
    assertTrue(String.valueOf(refusal.getMessage()).contains(setting), refusal.getMessage());
  }

  private static String port(ServerSocket socket) {
    return Integer.toString(socket.getLocalPort());
  }

  private static Config config(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(Map.of("quarkus.http.host", "127.0.0.1"));
    all.put("quarkus.management.host", "127.0.0.1");
    all.putAll(settings);
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(all, "test", 100))
        .build();
  }
}
