package dev.errand.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The short waits, and a port for TLS with a certificate that nobody has signed. */
public final class ShortWaitsByTls implements QuarkusTestProfile {
  private static final String PASSWORD = "changeit";

  @Override
  public Map<String, String> getConfigOverrides() {
    Map<String, String> settings = new HashMap<>(new ShortWaits().getConfigOverrides());
    settings.put("quarkus.http.test-ssl-port", "0");
    settings.put("quarkus.tls.key-store.p12.path", certificate().toString());
    settings.put("quarkus.tls.key-store.p12.password", PASSWORD);
    return settings;
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
