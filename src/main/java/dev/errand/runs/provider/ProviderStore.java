package dev.errand.runs.provider;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.http.Precondition;
import dev.errand.base.http.Tagged;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Users;
import dev.errand.identity.profile.ProfileStore;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.UnreadSettings;
import dev.errand.models.wire.ModelEndpoints;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class ProviderStore {
  // The settings are read as JSON, and once more with the defaults.
  private static final String SIZE =
      """
      SELECT coalesce(sum(3 * octet_length(settings)), 0) AS bytes FROM provider
      WHERE account_id = :id OR profile_id = :id
      """;

  /** The tasks that use each of some providers: how many, and the first ones by name. */
  static final String TASKS =
      """
      SELECT wanted.id AS provider_id, used.slug, used.tasks
      FROM unnest(:ids::uuid[]) AS wanted (id)
      CROSS JOIN LATERAL (
        SELECT account.username || '/' || profile.name || '/' || task.name AS slug,
          count(*) OVER () AS tasks
        FROM task JOIN profile ON profile.id = task.profile_id
        JOIN account ON account.id = profile.account_id
        WHERE task.provider_id = wanted.id AND task.deleted_at IS NULL
        ORDER BY slug LIMIT :most) AS used
      ORDER BY used.slug
      """;

  private static final int NAMED_IN_REFUSALS = 5;

  private final Sql sql;
  private final ProviderAccess access;
  private final ModelKeys keys;
  private final ModelEndpoints endpoints;
  private final ProviderConfig config;
  private final Json json;
  private final Clock clock;
  private final Precondition precondition;

  ProviderStore(
      Sql sql,
      ProviderAccess access,
      ModelKeys keys,
      ModelEndpoints endpoints,
      ProviderConfig config,
      Json json,
      Clock clock,
      Precondition precondition) {
    this.sql = sql;
    this.access = access;
    this.keys = keys;
    this.endpoints = endpoints;
    this.config = config;
    this.json = json;
    this.clock = clock;
    this.precondition = precondition;
  }

  record PutProvider(Provider provider, boolean created) {}

  /**
   * Creates a provider, or replaces everything of it except the key, while its owner is locked.
   *
   * @throws ApiException when the request is not valid, {@link ErrorCode#TOO_MANY_PROVIDERS}, or
   *     {@link ErrorCode#PROVIDER_IN_USE} where tasks use it and its runner changes; nothing is
   *     changed then
   */
  @Transactional(Transactional.TxType.MANDATORY)
  PutProvider put(ProviderOwner owner, String name, ProviderRequest wanted) {
    InvalidFields wrong = new InvalidFields();
    wrong.add(() -> ProviderName.check(name));
    // Registrations of tasks that name it wait meanwhile.
    Provider known = Provider.of(owner, name, LockModeType.PESSIMISTIC_WRITE).orElse(null);
    ModelSettings before = known == null ? null : access.settings(known.ofTask());
    ModelSettings model = wrong.last(() -> access.checked(wanted, before));
    boolean isUnread = model instanceof UnreadSettings;
    if (!isUnread) {
      endpoints.check(model);
    }
    Provider provider = known == null ? named(owner, name) : known;
    if (known != null && !known.runner.equals(model.runner())) {
      // The settings of its tasks are those of its runner.
      refuseInUse(known, "Its runner can't be changed while tasks use it. ");
    }
    if (known == null) {
      checkNumber(owner);
    } else if (!isUnread && known.baseUrl == null && endpoints.isConfigured(model)) {
      // A GET shows the configured endpoint. When a client puts it back, it still means the
      // configured one.
      model = model.at(null);
    }
    if (wanted.key() != null) {
      provider.keep(keys.seal(wanted.key(), provider.sealContext(), model.baseUrl()));
    } else if (!isUnread) {
      keep(provider, before, model);
    }
    provider.rate = wanted.rate();
    provider.runner = model.runner();
    provider.settings = json.write(model.at(null));
    provider.baseUrl = model.baseUrl();
    provider.modifiedAt = clock.instant();
    provider.etag = Tagged.fresh();
    if (known == null) {
      provider.createdAt = provider.modifiedAt;
      provider.persist();
    }
    return new PutProvider(provider, known == null);
  }

  private void keep(Provider provider, @Nullable ModelSettings before, ModelSettings model) {
    switch (keys.unsent(provider.keySealed == null ? null : before, model, "provider")) {
      case KEPT ->
          provider
              .key()
              .flatMap(
                  kept ->
                      keys.renamed(
                          kept,
                          provider.sealContext(),
                          provider.baseUrl,
                          model.baseUrl(),
                          "provider"))
              .ifPresent(provider::keep);
      case NONE -> {
        provider.keySealed = null;
        provider.keyHint = null;
      }
    }
  }

  /**
   * Deletes a provider.
   *
   * @return the provider as it was
   * @throws ApiException {@link ErrorCode#PROVIDER_NOT_FOUND}, or {@link ErrorCode#PROVIDER_IN_USE}
   *     where tasks use it
   */
  @Transactional(Transactional.TxType.MANDATORY)
  Provider delete(ProviderOwner owner, String name) {
    // A registration of a task that names it locks it, too.
    Provider provider = require(owner, name, LockModeType.PESSIMISTIC_WRITE);
    precondition.check(provider);
    refuseInUse(provider, "");
    provider.delete();
    return provider;
  }

  private void refuseInUse(Provider provider, String why) {
    UsedBy used = usedBy(List.of(provider), NAMED_IN_REFUSALS).of(provider);
    if (used.count() > 0) {
      throw new ApiException(
          ErrorCode.PROVIDER_IN_USE,
          "%sTasks use the provider %s: %s%s. Give them another provider or a key, or delete them."
              .formatted(
                  why,
                  provider.name,
                  String.join(", ", used.tasks()),
                  used.count() > used.tasks().size()
                      ? " and " + (used.count() - used.tasks().size()) + " more"
                      : ""));
    }
  }

  @Transactional(Transactional.TxType.MANDATORY)
  Optional<Provider> find(ProviderOwner owner, String name) {
    return Provider.of(owner, name, LockModeType.NONE);
  }

  /**
   * The provider of that name.
   *
   * @throws ApiException {@link ErrorCode#PROVIDER_NOT_FOUND}
   */
  @Transactional(Transactional.TxType.MANDATORY)
  Provider require(ProviderOwner owner, String name, LockModeType lock) {
    return Provider.of(owner, name, lock)
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.PROVIDER_NOT_FOUND,
                    "There is no provider " + name + " of " + owner.slug() + "."));
  }

  /** How many bytes of texts the providers of an owner have. */
  long size(ProviderOwner owner) {
    return sql.statement(SIZE).with("id", owner.id()).one(row -> row.number("bytes"));
  }

  @Transactional(Transactional.TxType.MANDATORY)
  List<Provider> list(ProviderOwner owner) {
    return Provider.allOf(owner);
  }

  /** The tasks that use providers. */
  record Uses(Map<UUID, Long> count, Map<UUID, List<String>> tasks) {
    UsedBy of(Provider provider) {
      return new UsedBy(
          count.getOrDefault(provider.id, 0L), tasks.getOrDefault(provider.id, List.of()));
    }
  }

  /**
   * The tasks that use a provider.
   *
   * @param tasks the first ones by name, as {@code user/profile/task}
   */
  record UsedBy(long count, List<String> tasks) {}

  Uses usedBy(List<Provider> providers, int most) {
    Uses uses = new Uses(new HashMap<>(), new HashMap<>());
    sql.statement(TASKS)
        .with("ids", "uuid", providers.stream().map(provider -> provider.id).toList())
        .with("most", most)
        .each(
            row -> {
              UUID provider = row.id("provider_id");
              uses.count().put(provider, row.number("tasks"));
              uses.tasks().computeIfAbsent(provider, id -> new ArrayList<>()).add(row.text("slug"));
            });
    return uses;
  }

  /** Locks the owner's providers for changes until the end of the transaction. */
  void lock(ProviderOwner owner) {
    if (owner.isProfile()) {
      boolean _ = ProfileStore.isLocked(sql, owner.id());
    } else {
      Users.lock(sql, owner.id());
    }
  }

  private void checkNumber(ProviderOwner owner) {
    if (Provider.countOf(owner) >= config.most()) {
      throw new ApiException(
          ErrorCode.TOO_MANY_PROVIDERS,
          "%s has %d providers, the limit set by errand.providers.most: delete some."
              .formatted(owner.slug(), config.most()));
    }
  }

  private static Provider named(ProviderOwner owner, String name) {
    Provider provider = new Provider();
    provider.id = UUID.randomUUID();
    if (owner.isProfile()) {
      provider.profileId = owner.id();
    } else {
      provider.accountId = owner.id();
    }
    provider.name = name;
    return provider;
  }
}
