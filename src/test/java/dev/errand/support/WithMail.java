package dev.errand.support;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** A service that sends e-mail to a server which a test starts at the port that it is told. */
public final class WithMail implements Settings {
  /** Where the service is reached from outside. */
  public static final String URL = "https://errand.example";

  /** The sender of its messages. */
  public static final String FROM = "notices@errand.example";

  @Override
  public Map<String, String> start() {
    return Map.ofEntries(
        entry("quarkus.mailer.mock", "false"),
        entry("quarkus.mailer.host", "127.0.0.1"),
        entry("quarkus.mailer.max-pool-size", "2"),
        entry("errand.mail.timeout", "PT5S"),
        entry("quarkus.mailer.port", Integer.toString(freePort())),
        entry("errand.mail.from", FROM),
        entry("errand.url", URL));
  }

  /** A port at which nothing listens. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
