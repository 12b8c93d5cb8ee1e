package dev.errand.automation.channel;

import dev.errand.base.database.StorableText;
import dev.errand.base.http.Tagged;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A channel of a profile. */
@Entity
public class Channel extends PanacheEntityBase {
  @Id public UUID id;
  public UUID profileId;
  public String name;
  @Embedded public ChannelContent content;

  /** The digest of the code by which the recipient confirms the address; null for none. */
  public byte @Nullable [] confirmation;

  public Instant createdAt;

  /** As {@link Tagged#etag()}. */
  public long etag;

  static Channel named(UUID profileId, String name, Instant now) {
    Channel channel = new Channel();
    channel.id = UUID.randomUUID();
    channel.profileId = profileId;
    channel.name = name;
    channel.createdAt = now;
    return channel;
  }

  /** The channel of that name, locked, since links of recipients change it, too. */
  static Optional<Channel> toChange(UUID profileId, String name) {
    if (!StorableText.is(name)) {
      return Optional.empty();
    }
    return Channel.<Channel>find("profileId = ?1 and name = ?2", profileId, name)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResultOptional();
  }

  ChannelSnapshot snapshot() {
    return new ChannelSnapshot(id, profileId, name, content, createdAt, etag);
  }
}
