package dev.errand.runs.provider;

import dev.errand.base.database.StorableText;
import dev.errand.base.http.Tagged;
import dev.errand.base.secret.Sealed;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A named, stored endpoint of models with a sealed key, of a user or of a profile. */
@Entity
public class Provider extends PanacheEntityBase implements Tagged {
  @Id public UUID id;

  /** The user who owns it; null where a profile does. */
  public @Nullable UUID accountId;

  /** The profile that owns it; null where a user does. */
  public @Nullable UUID profileId;

  public String name;

  public String runner;

  /** The runner's settings, as JSON, for fields that a task does not set; without the server. */
  public String settings;

  /** The server that the key is for; null is the configured one. */
  public @Nullable String baseUrl;

  public byte @Nullable [] keySealed;

  public @Nullable String keyHint;

  /** How often the server may be asked; null where nothing limits that. */
  @Embedded public @Nullable ProviderRate rate;

  public Instant createdAt;

  public Instant modifiedAt;

  /** As {@link Tagged#etag()}. */
  public long etag;

  @Override
  public long etag() {
    return etag;
  }

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
