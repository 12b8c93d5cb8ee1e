package dev.errand.runs.provider;

import dev.errand.base.database.StorableText;
import dev.errand.base.secret.Sealed;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A named, stored endpoint of models with a sealed key, of a user or of a profile. */
@Entity
@Table(name = "provider")
public class Provider extends PanacheEntityBase {
  @Id public UUID id;

  /** The user who owns it; null where a profile does. */
  @Column(name = "account_id")
  public @Nullable UUID accountId;

  /** The profile that owns it; null where a user does. */
  @Column(name = "profile_id")
  public @Nullable UUID profileId;

  @Column(nullable = false)
  public String name;

  @Column(nullable = false)
  public String runner;

  /** The runner's settings, as JSON, for fields that a task does not set; without the server. */
  @Column(nullable = false)
  public String settings;

  /** The server that the key is for; null is the configured one. */
  @Column(name = "base_url")
  public @Nullable String baseUrl;

  @Column(name = "key_sealed")
  public byte @Nullable [] keySealed;

  @Column(name = "key_hint")
  public @Nullable String keyHint;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  @Column(name = "modified_at", nullable = false)
  public Instant modifiedAt;

  /** The provider as its tasks need it. */
  public TaskProvider ofTask() {
    return new TaskProvider(id, profileId != null, name, runner, settings, baseUrl);
  }

  /** The provider of that name, locked so that it is neither changed nor deleted meanwhile. */
  static Optional<Provider> of(ProviderOwner owner, String name, LockModeType lock) {
    if (!StorableText.is(name)) {
      return Optional.empty();
    }
    return Provider.<Provider>find(owner.column() + " = ?1 and name = ?2", owner.id(), name)
        .withLock(lock)
        .firstResultOptional();
  }

  static List<Provider> allOf(ProviderOwner owner) {
    return list(owner.column() + " = ?1 order by name", owner.id());
  }

  static long countOf(ProviderOwner owner) {
    return count(owner.column() + " = ?1", owner.id());
  }

  /** The seal context of its key: this row. */
  String sealContext() {
    return sealContext(id);
  }

  public static String sealContext(UUID id) {
    return "provider/" + id + "/key";
  }

  /** The provider with its sealed key, to ask its server. */
  KeyedProvider keyed() {
    return new KeyedProvider(ofTask(), key(), modifiedAt);
  }

  void keep(ModelKeys.Stored key) {
    keySealed = key.sealed();
    keyHint = key.hint();
  }

  public Optional<Sealed> key() {
    return Optional.ofNullable(keySealed).map(Sealed::new);
  }
}
