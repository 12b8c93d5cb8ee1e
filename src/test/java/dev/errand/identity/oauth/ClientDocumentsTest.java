package dev.errand.identity.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.egress.client.Door;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.egress.client.GuardedHttp.Answer;
import dev.errand.base.egress.client.GuardedHttp.Request;
import dev.errand.base.json.Json;
import dev.errand.identity.oauth.ClientDocuments.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents of clients, as they should be and as they should not. */
class ClientDocumentsTest {
  private static final String ID = "https://chat.example/oauth/client.json";
  private static final UUID USER = UUID.randomUUID();
  private static final Json JSON = new Json(new ObjectMapper());

  private final List<Request> requests = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-26T12:00:00Z");
  private String body = document(ID);
  private int status = 200;
  private Map<String, List<String>> headers =
      Map.of("content-type", List.of("application/json"), "cache-control", List.of("max-age=600"));

  private final ClientDocuments documents =
      new ClientDocuments(
          request -> {
            requests.add(request);
            return new Answer(
                status, headers, body.getBytes(StandardCharsets.UTF_8), URI.create(request.url()));
          },
          JSON,
          InstantClock.of(() -> now));

  /** A clock that a test sets. */
  private static final class InstantClock extends Clock {
    private final InstantSource source;

    private InstantClock(InstantSource source) {
      this.source = source;
    }

    static Clock of(InstantSource source) {
      return new InstantClock(source);
    }

    @Override
    public java.time.ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return source.instant();
    }
  }

  private static String document(String id) {
    return "{\"client_id\": \"%s\", \"client_name\": \"Chat\", \"redirect_uris\": [\"https://chat.example/cb\"]}"
        .formatted(id);
  }

  @Test
  void aDocumentDescribesItsClient() throws Exception {
    OAuthClient client = documents.read(ID, USER);
    assertEquals(ID, client.clientId());
    assertEquals("oauth Chat (chat.example)", client.auditLabel());
    assertTrue(client.allows("https://chat.example/cb"));
    assertNull(client.secretHash());
    Request sent = requests.getFirst();
    assertEquals(0, sent.maxRedirects());
    assertEquals(16 * 1024, sent.maxAnswerBytes());
    assertEquals(List.of("chat.example"), sent.hosts());
  }

  @Test
  void aDocumentIsCachedAsItSaysAndADayAtMost() throws Exception {
    OAuthClient first = documents.read(ID, USER);
    now = now.plusSeconds(599);
    assertEquals(first, documents.read(ID, USER));
    now = now.plusSeconds(2);
    headers =
        Map.of(
            "content-type",
            List.of("application/json"),
            "cache-control",
            List.of("max-age=999999999"));
    assertEquals(ID, documents.read(ID, USER).clientId());
    assertEquals(2, requests.size());
    now = now.plus(Duration.ofHours(25));
    headers =
        Map.of("content-type", List.of("application/json"), "cache-control", List.of("no-store"));
    assertEquals(ID, documents.read(ID, USER).clientId());
    assertEquals(ID, documents.read(ID, USER).clientId());
    assertEquals(4, requests.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://chat.example/client.json",
        "https://chat.example",
        "https://chat.example/",
        "https://chat.example/a/../client.json",
        "https://chat.example/%2e%2e/client.json",
        "https://user@chat.example/client.json",
        "https://chat.example/client.json#f",
        "https:client.json",
        "HTTPS://chat.example/client.json",
        "https://chat example/client.json"
      })
  void otherAddressesAreRefusedUnread(String id) {
    assertTrue(ClientDocuments.isDocument(id));
    assertThrows(RefusedException.class, () -> documents.read(id, USER));
    assertEquals(List.of(), requests);
  }

  @Test
  void aDocumentOfAnotherClientIsRefused() {
    for (String other :
        List.of(
            document(ID + "x"),
            document(ID.toUpperCase(java.util.Locale.ROOT)),
            "{\"redirect_uris\": [\"https://chat.example/cb\"]}",
            "[]",
            "nonsense",
            document(ID).replace("https://chat.example/cb", "javascript:alert(1)"),
            document(ID).replace("[\"https://chat.example/cb\"]", "[]"),
            document(ID).replace("[\"https://chat.example/cb\"]", "\"https://chat.example/cb\""),
            document(ID)
                .replace(
                    "{\"client_id\"",
                    "{\"token_endpoint_auth_method\": \"private_key_jwt\", \"client_id\""),
            document(ID).replace("{\"client_id\"", "{\"client_secret\": \"s\", \"client_id\""))) {
      body = other;
      assertThrows(RefusedException.class, () -> documents.read(ID, USER), other);
    }
    body = document(ID);
    headers = Map.of("content-type", List.of("text/html"));
    assertThrows(RefusedException.class, () -> documents.read(ID, USER));
  }

  @Test
  void aRedirectIsNotFollowed() {
    status = 302;
    headers = Map.of("location", List.of("http://10.0.0.1/"));
    RefusedException refusal = assertThrows(RefusedException.class, () -> documents.read(ID, USER));
    assertTrue(String.valueOf(refusal.getMessage()).contains("302"));
    assertEquals(1, requests.size());
  }

  @Test
  void anAddressInsideIsNotCalled() {
    try (Door door = new Door()) {
      door.name("chat.example", "10.0.0.1");
      GuardedHttp http = door::send;
      ClientDocuments guarded = new ClientDocuments(http, JSON, Clock.systemUTC());
      for (String id : List.of(ID, "https://127.0.0.1/client.json", "https://169.254.169.254/x")) {
        assertThrows(RefusedException.class, () -> guarded.read(id, USER), id);
      }
      assertEquals(3, door.refused().size());
    }
  }

  @Test
  void documentsThatAreTooLargeOrUnreachableAreRefused() {
    ClientDocuments broken =
        new ClientDocuments(
            _ -> {
              throw new IOException("chat.example answered with more than 16384 bytes.");
            },
            JSON,
            Clock.systemUTC());
    RefusedException refusal = assertThrows(RefusedException.class, () -> broken.read(ID, USER));
    assertTrue(String.valueOf(refusal.getMessage()).contains("more than 16384 bytes"));
  }

  @Test
  void aUserMayNotHaveThemReadWithoutEnd() throws Exception {
    headers =
        Map.of("content-type", List.of("application/json"), "cache-control", List.of("no-store"));
    for (int i = 0; i < 30; i++) {
      assertEquals(ID, documents.read(ID, USER).clientId());
    }
    assertThrows(RefusedException.class, () -> documents.read(ID, USER));
    assertEquals(ID, documents.read(ID, UUID.randomUUID()).clientId());
  }
}
