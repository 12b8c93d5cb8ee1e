package dev.errand.runs.task;

import dev.errand.base.background.SharedReads;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.base.secret.Sealed;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.UnreadSettings;
import dev.errand.models.wire.ModelEndpoints;
import dev.errand.runs.provider.ModelKeys;
import dev.errand.runs.provider.Provider;
import dev.errand.tools.install.ProfileToolbox.Offered;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.inject.Singleton;
import jakarta.persistence.Column;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Decides which key a task keeps, and opens them and those of providers for requests to models. */
@Singleton
public class TaskKeys {
  // Two, so that one that waits for the database does not delay all others.
  private static final int LANES = 2;
  private static final int LARGEST = 64;

  private final Sql sql;
  private final ModelKeys keys;
  private final SharedReads<UUID, Optional<Read>> reads =
      new SharedReads<>("run-keys", LANES, LARGEST, Duration.ZERO, this::read);
  private final ModelEndpoints endpoints;

  TaskKeys(Sql sql, ModelKeys keys, ModelEndpoints endpoints) {
    this.sql = sql;
    this.keys = keys;
    this.endpoints = endpoints;
  }

  /**
   * The key of a task after a registration.
   *
   * @param key the key of the registration; null where it has none
   * @param before the settings with which the task was registered before; null for a new one
   * @throws ApiException when the key is not valid, or one is required
   */
  OwnKey registered(
      UUID taskId,
      OwnKey present,
      @Nullable String key,
      @Nullable ModelSettings before,
      TaskModels.CheckedModel now) {
    if (now.provider() != null) {
      return OwnKey.NONE;
    }
    if (key != null) {
      return seal(taskId, key, now.own().baseUrl());
    }
    if (now.own() instanceof UnreadSettings) {
      return present;
    }
    return switch (keys.unsent(keyed(present, before), now.own(), "task")) {
      case KEPT -> kept(taskId, present, now.own().baseUrl());
      case NONE -> OwnKey.NONE;
    };
  }

  // The key is for the server that it was stored with, whatever the settings say by now.
  private static @Nullable ModelSettings keyed(OwnKey present, @Nullable ModelSettings before) {
    return present.sealed() == null || before == null ? null : before.at(present.url());
  }

  private OwnKey kept(UUID taskId, OwnKey present, @Nullable String url) {
    byte[] sealed = present.sealed();
    if (sealed == null) {
      return OwnKey.NONE;
    }
    return keys.renamed(new Sealed(sealed), Task.sealContext(taskId), present.url(), url, "task")
        .map(key -> OwnKey.of(key, url))
        .orElse(new OwnKey(sealed, present.hint(), url));
  }

  /**
   * The key that the model of a registration is asked with; empty where there is none, or it can't
   * be opened.
   *
   * @param sent the key of the registration; null where it has none
   * @param own the key that the task has by it
   */
  String opened(UUID taskId, @Nullable String sent, OwnKey own, @Nullable Provider provider) {
    byte[] sealed = own.sealed();
    try {
      if (provider != null) {
        return provider
            .key()
            .map(key -> keys.open(key, Provider.sealContext(provider.id), provider.baseUrl))
            .orElse("");
      }
      return sent != null
          ? sent
          : sealed == null
              ? ""
              : keys.open(new Sealed(sealed), Task.sealContext(taskId), own.url());
    } catch (SealBrokenException e) {
      return "";
    }
  }

  /** The same key, for a task with another id. */
  OwnKey copy(OwnKey key, UUID fromId, UUID toId) {
    byte[] sealed = key.sealed();
    return sealed == null
        ? OwnKey.NONE
        : seal(toId, keys.open(new Sealed(sealed), Task.sealContext(fromId), key.url()), key.url());
  }

  private OwnKey seal(UUID taskId, String key, @Nullable String url) {
    return OwnKey.of(keys.seal(key, Task.sealContext(taskId), url), url);
  }

  /**
   * A key in the clear, with the server that it is for.
   *
   * @param value the key; empty where there is none
   * @param runner the runner that the task or its provider has now
   * @param baseUrl the server; null is the configured one
   * @param rate that of the provider which both are of; null where they are the task's own
   */
  public record OpenedKey(
      String value, String runner, @Nullable String baseUrl, @Nullable KeyRate rate) {
    /** Whether it is the key of a provider. */
    public boolean ofProvider() {
      return rate != null;
    }

    @Override
    public String toString() {
      return "OpenedKey[…]";
    }
  }

  /**
   * What the rate of a provider has.
   *
   * @param provider its id
   * @param isGiven whether it has one
   * @param countsTokens whether that has tokens
   */
  public record KeyRate(UUID provider, boolean isGiven, boolean countsTokens) {}

  /** The present rate of a provider. */
  public KeyRate rate(UUID provider) {
    return sql.statement(TaskStatements.RATE)
        .with("provider", provider)
        .one(row -> new KeyRate(provider, row.flag("rated"), row.flag("rates_tokens")));
  }

  /**
   * The key of a task or of its provider, with the server that it is for; empty where the task was
   * deleted.
   *
   * @throws dev.errand.base.secret.SealBrokenException when it can't be opened
   */
  public Optional<OpenedKey> open(UUID taskId) {
    // Each run calls this once: one round trip, without a transaction around it.
    return sql.statement(TaskStatements.KEY)
        .with("id", taskId)
        .first(row -> opened(taskId, row.as(KeyRow.class)));
  }

  /**
   * The key of a task, and the installations of its profile.
   *
   * @param isBudgeted whether any budget counts the runs of its profile
   */
  public record KeyAndTools(OpenedKey key, List<Offered> offered, boolean isBudgeted) {}

  /**
   * The model server of a task.
   *
   * @param runner the runner that the task or its provider has now
   * @param baseUrl the server of the provider, or of the key; null is the configured one
   */
  public record Server(
      String runner, boolean hasKey, boolean ofProvider, @Nullable String baseUrl) {}

  /** The present model server of a task; no key is opened. */
  public Server server(UUID taskId) {
    return sql.statement(TaskStatements.KEY)
        .with("id", taskId)
        .first(KeyRow.class)
        .map(
            kept ->
                new Server(
                    kept.runner(), kept.key() != null, kept.providerId() != null, kept.url()))
        .orElse(new Server("", false, false, null));
  }

  /** A key as it is stored. */
  @RegisterForReflection
  private record KeyRow(
      @Nullable UUID providerId,
      String runner,
      @Column(name = "key_sealed") byte @Nullable [] key,
      @Column(name = "key_url") @Nullable String url,
      boolean rated,
      boolean ratesTokens) {}

  /**
   * Like {@link #open(UUID)}, with the installations of the task's profile. Runs that begin at the
   * same moment share the statement.
   *
   * @throws dev.errand.base.secret.SealBrokenException when the key can't be opened
   */
  public Optional<KeyAndTools> openWithTools(UUID taskId) throws InterruptedException {
    return reads
        .get(taskId)
        .map(
            read ->
                new KeyAndTools(
                    opened(taskId, read.key), List.copyOf(read.offered), read.isBudgeted));
  }

  /** What one statement read of a task. */
  private record Read(KeyRow key, List<Offered> offered, boolean isBudgeted) {}

  private List<Optional<Read>> read(List<UUID> taskIds) {
    Map<UUID, Read> found = new HashMap<>();
    sql.statement(TaskStatements.KEYS_AND_TOOLS)
        .with("ids", "uuid", Set.copyOf(taskIds))
        .each(
            row -> {
              Read read =
                  found.computeIfAbsent(
                      row.id("task_id"),
                      id ->
                          new Read(row.as(KeyRow.class), new ArrayList<>(), row.flag("budgeted")));
              if (row.textOrNull("installation") != null) {
                read.offered.add(Offered.of(row));
              }
            });
    return taskIds.stream().map(id -> Optional.ofNullable(found.get(id))).toList();
  }

  private OpenedKey opened(UUID taskId, KeyRow kept) {
    UUID providerId = kept.providerId();
    String context =
        providerId == null ? Task.sealContext(taskId) : Provider.sealContext(providerId);
    return new OpenedKey(
        kept.key() == null ? "" : keys.open(new Sealed(kept.key()), context, kept.url()),
        kept.runner(),
        kept.url(),
        providerId == null ? null : new KeyRate(providerId, kept.rated(), kept.ratesTokens()));
  }

  /**
   * The settings with which a run calls its model by a key: those fixed at its start, with the
   * server that the key is for now.
   *
   * @throws KeyOfOtherServerException when the key is for another server than the one that was
   *     fixed, whatever the runners of both are
   */
  public ModelSettings settings(ModelSettings fixed, OpenedKey key) {
    boolean sameRunner = fixed.runner().equals(key.runner());
    if (key.ofProvider() && sameRunner) {
      return fixed.at(key.baseUrl());
    }
    boolean isKeyless = !key.ofProvider() && key.value().isEmpty();
    boolean sameAddress = sameRunner && Objects.equals(fixed.baseUrl(), key.baseUrl());
    if (isKeyless || sameAddress || isForServerOf(fixed, key)) {
      return fixed;
    }
    throw new KeyOfOtherServerException();
  }

  private boolean isForServerOf(ModelSettings fixed, OpenedKey key) {
    return endpoints
        .ofKey(key.runner(), key.baseUrl())
        .filter(server -> ModelEndpoints.areOfOneServer(server, endpoints.of(fixed)))
        .isPresent();
  }

  /** The key of a task is for another server than the one that a run has to call. */
  public static final class KeyOfOtherServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeyOfOtherServerException() {
      super("The key of the task is for another server.");
    }
  }
}
