package dev.errand.identity.account;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A session of a user. Only the hash of its token is stored, so the table grants no access. */
@Entity
@Table(name = "session")
public class Session extends PanacheEntityBase {
  @Id
  @Column(name = "token_hash")
  public byte[] tokenHash;

  /** The user whose it is. */
  @Column(name = "account_id", nullable = false)
  public UUID accountId;

  /** {@code bootstrap}, {@code dev} or {@code user}: who made it. */
  @Column(nullable = false)
  public String kind;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  /** When it ends; null for never. */
  @Column(name = "expires_at")
  public @Nullable Instant expiresAt;
}
