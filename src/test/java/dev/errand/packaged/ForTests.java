package dev.errand.packaged;

import static java.util.Map.entry;

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

  // Its own address has to be known before it starts, since links in e-mail have it.
  private static final int HTTP_PORT = freePort();

  /** The port at which a scenario receives e-mail. */
  static final int MAIL_PORT = freePort();

  @Override
  public Map<String, String> start() {
    return Map.ofEntries(
        entry("errand.secret.key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        entry("errand.bootstrap.session", Api.SESSION),
        entry("errand.egress.allow", "localhost,127.0.0.1"),
        entry("errand.events.token", Observed.EVENTS_TOKEN),
        entry("quarkus.management.port", Integer.toString(MANAGEMENT_PORT)),
        entry("quarkus.http.port", Integer.toString(HTTP_PORT)),
        entry("errand.url", "http://localhost:" + HTTP_PORT),
        entry("errand.mail.from", "notices@errand.example"),
        entry("quarkus.mailer.host", "127.0.0.1"),
        entry("quarkus.mailer.port", Integer.toString(MAIL_PORT)),
        // What the model of a test does not answer is not waited for.
        entry("errand.worker.drain", "PT0S"));
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
