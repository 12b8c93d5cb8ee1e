package dev.errand.tools.mcp.oauth;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedMcp.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.database.Sql;
import dev.errand.support.ScriptedIssuer;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens that several calls need at once. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class CredentialsTest {
  private static final String REMOTE = "/api/profiles/~/default/installations/remote";
  private static final Duration MOST = Duration.ofMinutes(1);

  @Inject CredentialStore store;
  @Inject TokenRequests requests;
  @Inject ClientRegistrations clients;
  @Inject Sql sql;

  private final ScriptedIssuer issuer = new ScriptedIssuer();
  private final ScriptedMcp server = new ScriptedMcp();

  @AfterEach
  void tidyUp() {
    api().delete(REMOTE);
    server.close();
    issuer.close();
  }

  /** A clock whose next readings have something happen just before. */
  private static final class EventfulClock extends Clock {
    private final Deque<Callable<?>> next = new ArrayDeque<>();

    @Override
    public Instant instant() {
      Callable<?> event = next.poll();
      if (event != null) {
        try {
          var _ = event.call();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
      return Instant.now();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private UUID connected() {
    api()
        .body(
            "{\"name\": \"remote\", \"mcp\": {\"url\": \"%s\", \"auth\": \"oauth\"}}"
                .formatted(server.url()))
        .post("/api/profiles/~/default/installations")
        .then()
        .statusCode(201);
    String address =
        issuer
            .confirm(api(), REMOTE + "/connect")
            .then()
            .statusCode(303)
            .extract()
            .header("Location");
    api()
        .urlEncodingEnabled(false)
        .get(
            ScriptedIssuer.back(address)
                + "?"
                + issuer.agree(address).entrySet().stream()
                    .map(
                        each ->
                            each.getKey()
                                + "="
                                + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&")))
        .then()
        .statusCode(200);
    return sql.statement("SELECT installation_id FROM mcp_credential")
        .list(row -> row.id("installation_id"))
        .getFirst();
  }

  @Test
  void aCallThatHasReadARefusedTokenGetsTheOneThatReplacedItMeanwhile() throws Exception {
    server.tools(tool("a", "First")).guarded(issuer);
    UUID id = connected();
    EventfulClock clock = new EventfulClock();
    Credentials credentials = new Credentials(store, requests, clients, clock);
    String refused = credentials.token(id, server.url(), MOST);
    int asked = issuer.asked().size();
    List<String> other = new ArrayList<>();
    clock.next.add(() -> other.add(credentials.another(id, server.url(), refused, MOST)));
    String another = credentials.another(id, server.url(), refused, MOST);
    assertEquals(other, List.of(another));
    assertEquals(asked + 1, issuer.asked().size());
  }
}
