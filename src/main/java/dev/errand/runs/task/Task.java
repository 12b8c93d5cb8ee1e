package dev.errand.runs.task;

import dev.errand.base.database.StorableText;
import dev.errand.base.http.Tagged;
import dev.errand.identity.profile.Profile;
import dev.errand.runs.provider.Provider;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A task: a prompt with the settings of a model, a sealed key and the bounds of its runs. */
@Entity
public class Task extends PanacheEntityBase {
  @Id public UUID id;

  public UUID profileId;

  public String name;

  public String runner;

  public String runnerSettings;

  public String settings;

  /** The provider that has its key; null where it has its own, or needs none. */
  @ManyToOne(fetch = FetchType.EAGER)
  @JoinColumn(name = "provider_id")
  public @Nullable Provider provider;

  public byte @Nullable [] keySealed;

  public @Nullable String keyHint;

  /** The server that its own key is for; null is the configured one. */
  public @Nullable String keyUrl;

  public boolean enabled;

  public Instant createdAt;

  public Instant modifiedAt;

  /** As {@link Tagged#etag()}. */
  public long etag;

  /** The task whose run created this one; null for a person's task. */
  public @Nullable UUID madeBy;

  /** When it was deleted; null while it exists. */
  public @Nullable Instant deletedAt;

  static Task named(Profile profile, String name) {
    Task task = new Task();
    task.id = UUID.randomUUID();
    task.profileId = profile.id();
    task.name = name;
    return task;
  }

  static Optional<Task> of(Profile profile, String name) {
    if (!StorableText.is(name)) {
      return Optional.empty();
    }
    return find(
            "from Task t left join fetch t.provider where t.profileId = ?1 and t.name = ?2 and"
                + " t.deletedAt is null",
            profile.id(),
            name)
        .firstResultOptional();
  }

  TaskSnapshot in(Profile profile) {
    return new TaskSnapshot(
        id,
        profile,
        name,
        runner,
        runnerSettings,
        settings,
        provider == null ? null : provider.ofTask(),
        keyHint,
        enabled,
        createdAt,
        modifiedAt,
        etag);
  }

  static String sealContext(UUID id) {
    return "task/" + id + "/key";
  }

  OwnKey key() {
    return new OwnKey(keySealed, keyHint, keyUrl);
  }

  /** Gives it a key of its own, or none, in place of its present one. */
  void keep(OwnKey key) {
    keySealed = key.sealed();
    keyHint = key.hint();
    keyUrl = key.url();
  }
}
