package dev.errand.identity.token;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A token of a user. Only the hash of its text is stored, so the table grants no access. */
@Entity
public class Token extends PanacheEntityBase {
  @Id public UUID id;
  public UUID accountId;
  public byte[] tokenHash;
  public String name;
  public List<String> scopes;

  /** The profiles that it is limited to; null for all. */
  public @Nullable List<UUID> profileIds;

  /** The tasks that it is limited to, as {@code user/profile/task}; null for all. */
  public @Nullable List<String> tasks;

  /** The token by which it was made, and with which it ends; null for none. */
  public @Nullable UUID madeBy;

  public Instant createdAt;
  public @Nullable Instant expiresAt;
  public @Nullable Instant lastUsedAt;
}
