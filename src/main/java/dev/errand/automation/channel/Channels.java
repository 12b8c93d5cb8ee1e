package dev.errand.automation.channel;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Coded;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Opens channels to be sent to. */
@ApplicationScoped
public class Channels {
  private static final String FIND =
      """
      SELECT id, name, kind, address_sealed, secret_sealed, confirmed_at, base_url FROM channel
      WHERE id = :id
      """;

  private final Sql sql;
  private final SecretBox box;

  Channels(Sql sql, SecretBox box) {
    this.sql = sql;
    this.box = box;
  }

  /** The channel with that id, if there is one. */
  public Optional<Channel> open(UUID channelId) {
    return sql.statement(FIND).with("id", channelId).first(this::open);
  }

  private Channel open(Row row) {
    UUID id = row.id("id");
    byte[] secret = row.bytesOrNull("secret_sealed");
    return new Channel(
        id,
        row.text("name"),
        Coded.of(Channel.Kind.class, row.text("kind")),
        box.open(new Sealed(row.bytes("address_sealed")), "channel/" + id + "/address").value(),
        secret == null ? null : box.open(new Sealed(secret), "channel/" + id + "/secret").value(),
        row.timeOrNull("confirmed_at") != null,
        row.textOrNull("base_url"));
  }
}
