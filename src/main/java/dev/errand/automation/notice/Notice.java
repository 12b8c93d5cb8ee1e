package dev.errand.automation.notice;

import dev.errand.base.database.StorableText;
import dev.errand.base.http.Tagged;
import dev.errand.identity.profile.Profile;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A notice of a profile: a rule by which events are told to a channel. */
@Entity
public class Notice extends PanacheEntityBase {
  @Id public UUID id;
  public UUID profileId;
  public String name;
  @Embedded public NoticeSettings settings;
  public Instant createdAt;
  public Instant modifiedAt;

  /** As {@link Tagged#etag()}. */
  public long etag;

  static Notice named(UUID profileId, String name, Instant now) {
    Notice notice = new Notice();
    notice.id = UUID.randomUUID();
    notice.profileId = profileId;
    notice.name = name;
    notice.createdAt = now;
    return notice;
  }

  static Optional<Notice> of(Profile profile, String name) {
    if (!StorableText.is(name)) {
      return Optional.empty();
    }
    return find("profileId = ?1 and name = ?2", profile.id(), name).firstResultOptional();
  }
}
