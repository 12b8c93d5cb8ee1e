package dev.errand.packaged;

import dev.errand.app.telemetry.Observed;
import dev.errand.support.Api;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** What the tests' configuration says, for an application that was packaged without it. */
public final class ForTests implements QuarkusTestResourceLifecycleManager {
  /** The port of health and metrics. */
  static final int MANAGEMENT_PORT = freePort();

  @Override
  public Map<String, String> start() {
    return Map.of(
        "errand.secret.key",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "errand.bootstrap.session",
        Api.SESSION,
        "errand.egress.allow",
        "localhost,127.0.0.1",
        "errand.events.token",
        Observed.EVENTS_TOKEN,
        "quarkus.management.port",
        Integer.toString(MANAGEMENT_PORT),
        // What the model of a test does not answer is not waited for.
        "errand.worker.drain",
        "PT0S");
  }

  @Override
  public void stop() {}

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
