package dev.errand.identity.account;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A session of a user. Only the hash of its token is stored, so the table grants no access. */
@Entity
public class Session extends PanacheEntityBase {
  @Id public byte[] tokenHash;

  /** The user whose it is. */
  public UUID accountId;

  /** {@code bootstrap}, {@code dev} or {@code user}: who made it. */
  public String kind;

  public Instant createdAt;

  /** When it ends; null for never. */
  public @Nullable Instant expiresAt;
}
