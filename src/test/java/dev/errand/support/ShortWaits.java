package dev.errand.support;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Limits that a test reaches within seconds: of watching, and of waiting for a request. It has a
 * port for TLS, too, with a certificate that nobody has signed.
 */
public final class ShortWaits implements Settings {
  public static final int WATCHERS = 240;

  /** How long a head or a body may take, and how long a connection may be without either. */
  public static final int SECONDS = 3;

  private static final String PASSWORD = "changeit";

  @Override
  public Map<String, String> start() {
    return Map.ofEntries(
        entry("errand.watch.most", Integer.toString(WATCHERS)),
        entry("errand.watch.heartbeat", "PT0.2S"),
        entry("errand.mcp.longest-wait", "PT1S"),
        entry("errand.mcp.allowed-origins", "https://inspector.example"),
        entry("errand.watch.stalled", "PT5S"),
        entry("errand.http.head-timeout", "PT" + SECONDS + "S"),
        entry("errand.http.body-timeout", "PT" + SECONDS + "S"),
        entry("errand.http.idle-timeout", "PT" + SECONDS + "S"),
        entry("quarkus.http.test-ssl-port", "0"),
        entry("quarkus.tls.key-store.p12.path", certificate().toString()),
        entry("quarkus.tls.key-store.p12.password", PASSWORD));
  }

  private static Path certificate() {
    try {
      Path store = TestFolder.of("localhost.p12").toAbsolutePath();
      Files.deleteIfExists(store);
      String command =
          "-genkeypair -alias localhost -keyalg EC -dname CN=localhost -storetype PKCS12 -keystore "
              + store
              + " -storepass "
              + PASSWORD;
      String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
      if (new ProcessBuilder((keytool + " " + command).split(" ")).start().waitFor() != 0) {
        throw new IllegalStateException("keytool made no certificate");
      }
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
