package dev.errand.base.egress.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.egress.client.Door;
import dev.errand.base.egress.client.GuardedHttpTest;
import dev.errand.base.egress.client.TestServer;
import dev.errand.base.egress.client.UntrustedCertificateException;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GuardedHttpTlsTest {

  private static final String PASSWORD = "changeit";

  @TempDir Path folder;

  @Test
  void aCertificateForTheNameIsTrustedThoughTheAddressIsCalled() throws Exception {
    try (TestServer server = serverWith("dns:site.test", TestServer.ok("safe"));
        Door door = trusting("dns:site.test")) {
      assertEquals(
          "safe", GuardedHttpTest.text(door.get("https://site.test:%d/".formatted(server.port()))));
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws Exception {
    assertUntrusted("dns:other.test", trusting("dns:other.test"));
  }

  @Test
  void aCertificateForTheAddressIsNotOneForTheName() throws Exception {
    assertUntrusted("ip:127.0.0.1", trusting("ip:127.0.0.1"));
  }

  @Test
  void anUntrustedCertificateIsRefused() throws Exception {
    assertUntrusted("dns:site.test", new Door("127.0.0.1").name("site.test", "127.0.0.1"));
  }

  @Test
  void aRedirectFromHttpsToHttpIsNotFollowed() throws Exception {
    try (TestServer end = TestServer.answering(TestServer.ok("end"));
        TestServer server =
            serverWith(
                "dns:site.test",
                TestServer.redirect(302, "http://site.test:%d/".formatted(end.port())));
        Door door = trusting("dns:site.test")) {
      assertThrows(
          EgressRefusedException.class,
          () -> door.get("https://site.test:%d/".formatted(server.port())));
      assertEquals(List.of(), end.requests());
    }
  }

  private void assertUntrusted(String name, Door door) throws Exception {
    try (door;
        TestServer server = serverWith(name, TestServer.ok("unsafe"))) {
      IOException failed =
          assertThrows(
              UntrustedCertificateException.class,
              () -> door.get("https://site.test:%d/".formatted(server.port())));

      assertTrue(Door.sentence(failed).startsWith("The certificate of site.test"));
      assertEquals(List.of(), server.requests());
    }
  }

  private Door trusting(String name) throws Exception {
    HttpClientOptions options =
        new HttpClientOptions()
            .setTrustOptions(
                new PfxOptions().setPath(storeFor(name).toString()).setPassword(PASSWORD));
    return new Door(options, "127.0.0.1").name("site.test", "127.0.0.1");
  }

  private TestServer serverWith(String name, String answer) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(storeFor(name))) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    ServerSocketFactory factory = context.getServerSocketFactory();
    return new TestServer(
        factory, "127.0.0.1", 0, (_, _, out) -> GuardedHttpTest.write(out, answer));
  }

  /** A key with a certificate that it signed itself for a subject alternative name. */
  private Path storeFor(String name) throws Exception {
    Path store = folder.resolve(name.replace(':', '-') + ".p12");
    if (Files.notExists(store)) {
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "test",
                  "-keyalg",
                  "EC",
                  "-dname",
                  "CN=nobody",
                  "-ext",
                  "san=" + name,
                  "-storetype",
                  "PKCS12",
                  "-keystore",
                  store.toString(),
                  "-storepass",
                  PASSWORD)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("keytool.log").toFile())
              .start();
      assertEquals(0, keytool.waitFor());
    }
    return store;
  }
}
