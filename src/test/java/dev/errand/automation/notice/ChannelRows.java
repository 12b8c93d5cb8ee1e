package dev.errand.automation.notice;

import dev.errand.base.database.Sql;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.SecretBox;
import dev.errand.base.secret.WebhookSecret;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Adds channels to profiles of the tests' user, as they are stored. */
@ApplicationScoped
public class ChannelRows {
  private static final String ADD =
      """
      INSERT INTO channel (id, profile_id, name, kind, address_sealed, secret_sealed, address_hint,
        address_digest, confirmed_at, base_url)
      SELECT :id, profile.id, :name, 'webhook', :address, :secret, 'somewhere', :digest, now(),
        'http://errand.example/'
      FROM profile JOIN account ON account.id = profile.account_id
      WHERE account.username = 'admin' AND profile.name = :profile
      """;

  private final Sql sql;
  private final SecretBox box;

  ChannelRows(Sql sql, SecretBox box) {
    this.sql = sql;
    this.box = box;
  }

  public void add(String profile, String name, String url) {
    UUID id = UUID.randomUUID();
    sql.statement(ADD)
        .with("id", id)
        .with("name", name)
        .with("profile", profile)
        .with("address", box.seal(new PlainSecret(url), "channel/" + id + "/address").bytes())
        .with(
            "secret",
            box.seal(WebhookSecret.generate().open(), "channel/" + id + "/secret").bytes())
        .with("digest", digest(url))
        .update();
  }

  public void remove() {
    sql.statement("DELETE FROM channel").run();
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
