package dev.errand.base.limit;

import static dev.errand.support.Api.SESSION;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.Eventually;
import dev.errand.support.ShortWaits;
import dev.errand.support.SilentModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What comes by TLS, of either version of HTTP, is watched too. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = ShortWaits.class, scope = TestResourceScope.MATCHING_RESOURCES)
class TlsConnectionTest {
  private static final int PATIENCE_MS = 20_000;

  @TestHTTPResource(tls = true)
  URI server;

  @Test
  void aConnectionWithoutRequestsIsClosed() {
    // One that is opened while the server still starts is not watched.
    Eventually.await("a connection that the server closes", this::isClosedWithoutRequests);
  }

  @Test
  void aClientThatTakesNoAnswerIsCutOff() {
    Eventually.await("a connection that the server cuts", this::isCutWithoutTaking);
  }

  private boolean isClosedWithoutRequests() {
    try (SSLSocket socket = connectByHttp2("000000 04 00 00000000")) {
      return socket.getInputStream().readAllBytes().length > 0;
    } catch (IOException | GeneralSecurityException e) {
      return false;
    }
  }

  private boolean isCutWithoutTaking() {
    String windowOfNothing = "000006 04 00 00000000 0004 00000000";
    // GET https localhost /api/none
    String request = "000018 01 05 00000001 8287 4109 6c6f63616c686f7374 4409 2f6170692f6e6f6e65";
    try (SSLSocket socket = connectByHttp2(windowOfNothing, request)) {
      while (socket.getInputStream().read() >= 0) {
        // The head of the answer.
      }
      return true;
    } catch (SocketTimeoutException | GeneralSecurityException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private SSLSocket connectByHttp2(String... frames) throws IOException, GeneralSecurityException {
    SSLSocket socket =
        (SSLSocket) trusting().getSocketFactory().createSocket(server.getHost(), server.getPort());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(PATIENCE_MS);
    socket.startHandshake();
    assertEquals("h2", socket.getApplicationProtocol());
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    for (String frame : frames) {
      socket.getOutputStream().write(HexFormat.of().parseHex(frame.replace(" ", "")));
    }
    return socket;
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
  void aConnectionWithARequestStaysOpen(HttpClient.Version version) throws Exception {
    try (SilentModel model = new SilentModel();
        HttpClient client =
            HttpClient.newBuilder().version(version).sslContext(trusting()).build()) {
      register("patient", "Hello", model.url(), Map.of("key", "sk-a-key-for-tests-1234"));
      trigger("patient", "r", Map.of()).then().statusCode(201);
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(
                      server.resolve(TASKS + "/patient/runs/r?wait=" + 3 * ShortWaits.SECONDS))
                  .header("Cookie", "sessionId=" + SESSION)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(version, answer.version());
      assertEquals(200, answer.statusCode(), answer.body());
      // The run goes on, whether or not a worker has it already.
      assertThat(
          answer.body(),
          anyOf(
              containsString("\"status\":\"pending\""), containsString("\"status\":\"running\"")));
      api().delete(TASKS + "/patient?force=true").then().statusCode(204);
    }
  }

  private static SSLContext trusting() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, null);
    return context;
  }

  /** Trusts every server, whatever its name is. */
  private static final class Trusting extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
