package dev.errand.identity.profile;

import dev.errand.base.http.Tagged;
import dev.errand.identity.account.User;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A profile while it is created or changed; at any other time it is a {@link Profile}. */
@Entity
@Table(name = "profile")
public class StoredProfile extends PanacheEntityBase implements Tagged {
  @Id public UUID id;

  /** The user whose it is. */
  public UUID accountId;

  public String name;
  public String description;
  public boolean isPublic;
  @Embedded public McpOffer mcp;
  public @Nullable Instant pausedAt;
  public Instant createdAt;
  public Instant modifiedAt;

  /** As {@link Tagged#etag()}. */
  public long etag;

  static StoredProfile of(UUID accountId, Instant now) {
    StoredProfile profile = new StoredProfile();
    profile.id = UUID.randomUUID();
    profile.accountId = accountId;
    profile.createdAt = now;
    return profile;
  }

  @Override
  public long etag() {
    return etag;
  }

  /** Sets what people say of it. */
  void set(String name, ProfileRequest wanted, Instant now) {
    this.name = name;
    description = wanted.wantedDescription();
    isPublic = wanted.wantsPublic();
    mcp = McpOffer.wanted(wanted.mcp());
    modifiedAt = now;
    etag = Tagged.fresh();
  }

  Profile snapshot(User owner) {
    return new Profile(
        id, owner, name, description, isPublic, mcp, pausedAt, createdAt, modifiedAt, etag);
  }
}
