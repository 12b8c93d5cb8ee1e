package dev.errand.runs.task;

import dev.errand.base.database.StorableText;
import dev.errand.identity.profile.Profile;
import dev.errand.runs.provider.Provider;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A task: a prompt with the settings of a model, a sealed key and the bounds of its runs. */
@Entity
@Table(name = "task")
public class Task extends PanacheEntityBase {
  @Id public UUID id;

  @Column(name = "profile_id", nullable = false)
  public UUID profileId;

  @Column(nullable = false)
  public String name;

  @Column(nullable = false)
  public String runner;

  @Column(name = "runner_settings", nullable = false)
  public String runnerSettings;

  @Column(nullable = false)
  public String settings;

  /** The provider that has its key; null where it has its own, or needs none. */
  @ManyToOne(fetch = FetchType.EAGER)
  @JoinColumn(name = "provider_id")
  public @Nullable Provider provider;

  @Column(name = "key_sealed")
  public byte @Nullable [] keySealed;

  @Column(name = "key_hint")
  public @Nullable String keyHint;

  /** The server that its own key is for; null is the configured one. */
  @Column(name = "key_url")
  public @Nullable String keyUrl;

  @Column(nullable = false)
  public boolean enabled;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  @Column(name = "modified_at", nullable = false)
  public Instant modifiedAt;

  /** The task whose run created this one; null for a person's task. */
  @Column(name = "made_by")
  public @Nullable UUID madeBy;

  /** When it was deleted; null while it exists. */
  @Column(name = "deleted_at")
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
        modifiedAt);
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
