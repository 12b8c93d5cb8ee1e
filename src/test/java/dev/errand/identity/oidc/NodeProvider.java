package dev.errand.identity.oidc;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The provider of src/test/oidc, in a process of its own; {@code -Poidc} has installed it. */
public final class NodeProvider implements QuarkusTestResourceLifecycleManager {
  private static final Path FOLDER = Path.of("target", "oidc");
  private static final String SERVICE = "http://localhost:8081";

  private static int port;
  private static @Nullable Process process;

  @Override
  public Map<String, String> start() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    restart();
    Map<String, String> settings = new HashMap<>(ScriptedProvider.settings(url()));
    settings.put("quarkus.oidc.client-id", "errand");
    settings.put("quarkus.oidc.credentials.secret", "the-secret-of-errand-in-tests");
    settings.remove("errand.oidc.member-domains");
    settings.put("quarkus.http.test-port", "8081");
    settings.put("errand.url", SERVICE);
    settings.put("errand.oauth.issuer", url());
    return settings;
  }

  static String url() {
    return "http://localhost:" + port;
  }

  /** Starts it, with other keys than before. */
  static void restart() {
    end();
    try {
      Process started =
          new ProcessBuilder("node", "provider.js", Integer.toString(port), SERVICE)
              .directory(FOLDER.toFile())
              .redirectErrorStream(true)
              .start();
      process = started;
      BufferedReader said = started.inputReader();
      for (String line = said.readLine(); !"ready".equals(line); line = said.readLine()) {
        if (line == null) {
          throw new IllegalStateException("The provider has ended: run with -Poidc.");
        }
      }
      Thread.ofVirtual().start(() -> said.lines().forEach(System.out::println));
    } catch (IOException e) {
      throw new IllegalStateException("Node can't be started.", e);
    }
  }

  private static void end() {
    Process running = process;
    if (running != null) {
      running.destroy();
      try {
        if (!running.waitFor(10, TimeUnit.SECONDS)) {
          running.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void stop() {
    end();
  }
}
