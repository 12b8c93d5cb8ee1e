package dev.errand.tools.mcp.oauth;

import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import dev.errand.base.secret.Sha256;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/** Stores flows, sealed, under the digests of their states. */
@ApplicationScoped
public class FlowStore {
  private static final Duration LIFE = Duration.ofMinutes(15);

  private final Sql sql;
  private final SecretBox box;
  private final Json json;
  private final Clock clock;

  FlowStore(Sql sql, SecretBox box, Json json, Clock clock) {
    this.sql = sql;
    this.box = box;
    this.json = json;
    this.clock = clock;
  }

  /**
   * The data that is needed when a person is redirected back.
   *
   * @param verifier the verifier of the requested code (RFC 7636)
   */
  @RegisterForReflection
  public record Flow(Connection connection, String verifier) {
    /** Without the verifier. */
    @Override
    public String toString() {
      return "Flow[" + connection.issuer() + "]";
    }
  }

  /** A stored flow. */
  public record Taken(UUID installationId, Flow flow) {}

  /** Stores a flow, and returns whether the installation still exists. */
  boolean keep(String state, UUID installationId, UUID accountId, Flow flow) {
    byte[] digest = Sha256.of(state);
    Instant now = clock.instant();
    int kept =
        sql.statement(CredentialStatements.ADD_FLOW)
            .with("state", digest)
            .with("id", installationId)
            .with("account_id", accountId)
            .with(
                "flow_sealed", box.seal(new PlainSecret(json.write(flow)), context(digest)).bytes())
            .with("expires_at", now.plus(LIFE))
            .update();
    sql.statement(CredentialStatements.REMOVE_FLOWS)
        .with("id", installationId)
        .with("now", now)
        .run();
    return kept == 1;
  }

  Optional<Taken> take(String state, UUID accountId) {
    byte[] digest = Sha256.of(state);
    return sql.statement(CredentialStatements.TAKE_FLOW)
        .with("state", digest)
        .with("account_id", accountId)
        .with("now", clock.instant())
        .first(
            row ->
                new Taken(
                    row.id("installation_id"),
                    json.read(
                        box.open(new Sealed(row.bytes("flow_sealed")), context(digest)).value(),
                        Flow.class)));
  }

  private static String context(byte[] digest) {
    return "mcp-connect/" + HexFormat.of().formatHex(digest) + "/flow";
  }
}
