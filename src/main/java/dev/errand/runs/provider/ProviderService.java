package dev.errand.runs.provider;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Precondition;
import dev.errand.base.limit.FittingItems;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.SettingsByRunner;
import dev.errand.models.port.UnreadSettings;
import dev.errand.models.wire.ModelCatalog;
import dev.errand.models.wire.ModelEndpoints;
import dev.errand.runs.provider.ProviderStore.UsedBy;
import dev.errand.runs.provider.ProviderStore.Uses;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The operations on providers. Only a user may see and change the user's own providers, and not
 * with a token that is limited to profiles or tasks. The editors of a profile change its providers,
 * since they may also give keys to its tasks. Keys are never shown, and a stored key is only sent
 * to the server that it was stored for.
 */
@ApplicationScoped
public class ProviderService {
  /** How many of the tasks that use a provider are listed. */
  static final int MOST_TASKS = 100;

  private final ProfileAccess profiles;
  private final ProviderStore store;
  private final ProviderAccess access;
  private final ModelEndpoints endpoints;
  private final ProviderModels models;
  private final FittingItems memory;
  private final Audit audit;
  private final Precondition precondition;
  private final Event<ProviderRateChanged> rateChanged;

  ProviderService(
      ProfileAccess profiles,
      ProviderStore store,
      ProviderAccess access,
      ModelEndpoints endpoints,
      ProviderModels models,
      FittingItems memory,
      Audit audit,
      Precondition precondition,
      Event<ProviderRateChanged> rateChanged) {
    this.memory = memory;
    this.profiles = profiles;
    this.store = store;
    this.access = access;
    this.endpoints = endpoints;
    this.models = models;
    this.audit = audit;
    this.precondition = precondition;
    this.rateChanged = rateChanged;
  }

  public record StoredProvider(ProviderView provider, boolean created) {}

  /**
   * The providers, by name.
   *
   * @param profile the profile that owns them; null for those of the caller
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#SCOPE_MISSING}
   */
  public List<ProviderView> list(Caller caller, @Nullable ProfileSlug profile) {
    ProviderOwner owner = owner(caller, profile, Right.SEE);
    memory.hold(caller.username(), store.size(owner));
    return QuarkusTransaction.joiningExisting()
        .call(
            () -> {
              List<Provider> all = store.list(owner);
              Uses uses = store.usedBy(all, MOST_TASKS);
              return all.stream()
                  .map(provider -> view(owner, provider, uses.of(provider)))
                  .toList();
            });
  }

  /**
   * The provider of that name.
   *
   * @param profile the profile whose it is; null for one of the caller
   * @throws ApiException as {@link #list} does, or {@link ErrorCode#PROVIDER_NOT_FOUND}
   */
  @Transactional
  public ProviderView get(Caller caller, @Nullable ProfileSlug profile, String name) {
    ProviderOwner owner = owner(caller, profile, Right.SEE);
    return view(owner, store.require(owner, name, LockModeType.NONE));
  }

  /**
   * Creates a provider, or replaces everything of it but the key, for all tasks that use it.
   *
   * @param profile the profile whose it is; null for one of the caller
   * @throws ApiException as {@link #list} does, {@link ErrorCode#ROLE_MISSING}, {@link
   *     ErrorCode#KEY_REQUIRED}, {@link ErrorCode#TOO_MANY_PROVIDERS}, or when the request is not
   *     valid; nothing is changed then
   */
  @Transactional
  public StoredProvider put(
      Caller caller, @Nullable ProfileSlug profile, String name, ProviderRequest wanted) {
    return save(caller, profile, name, wanted, false);
  }

  /**
   * Creates a provider as {@link #put} does.
   *
   * @throws ApiException as {@link #put}, or {@link ErrorCode#ALREADY_EXISTS}
   */
  @Transactional
  public StoredProvider create(
      Caller caller, @Nullable ProfileSlug profile, String name, ProviderRequest wanted) {
    return save(caller, profile, name, wanted, true);
  }

  private StoredProvider save(
      Caller caller,
      @Nullable ProfileSlug profile,
      String name,
      ProviderRequest wanted,
      boolean isNew) {
    ProviderOwner owner = owner(caller, profile, Right.EDIT);
    store.lock(owner);
    ProviderView before = store.find(owner, name).map(known -> view(owner, known)).orElse(null);
    precondition.check(before);
    if (isNew && before != null) {
      throw new ApiException(
          ErrorCode.ALREADY_EXISTS,
          "%s already has a provider %s: choose another name, or change that one."
              .formatted(owner.slug(), name));
    }
    ProviderStore.PutProvider kept = store.put(owner, name, wanted);
    ProviderView after = view(owner, kept.provider());
    if (!Objects.equals(before == null ? null : before.rate(), after.rate())) {
      rateChanged.fire(new ProviderRateChanged());
    }
    audit.record(
        caller,
        kept.created() ? AuditAction.PROVIDER_CREATED : AuditAction.PROVIDER_CHANGED,
        path(after),
        before,
        after,
        wanted.key() == null ? new String[0] : new String[] {"settings.key"});
    return new StoredProvider(after, kept.created());
  }

  /**
   * Deletes a provider.
   *
   * @param profile the profile whose it is; null for one of the caller
   * @throws ApiException as {@link #list} does, {@link ErrorCode#ROLE_MISSING}, {@link
   *     ErrorCode#PROVIDER_NOT_FOUND}, or {@link ErrorCode#PROVIDER_IN_USE}
   */
  @Transactional
  public void delete(Caller caller, @Nullable ProfileSlug profile, String name) {
    ProviderOwner owner = owner(caller, profile, Right.EDIT);
    ProviderView before = view(owner, store.delete(owner, name));
    audit.record(caller, AuditAction.PROVIDER_DELETED, path(before), before, null);
  }

  private static String path(ProviderView provider) {
    return "providers/" + provider.slug();
  }

  /**
   * Asks the provider's server for its models, to find out whether server, key and model are right.
   * It takes 15 s at most.
   *
   * @param profile the profile whose it is; null for one of the caller
   * @throws ApiException as {@link #list} does, {@link ErrorCode#ROLE_MISSING} or {@link
   *     ErrorCode#PROVIDER_NOT_FOUND}
   */
  public ModelCatalog.Listing check(Caller caller, @Nullable ProfileSlug profile, String name)
      throws InterruptedException {
    return models.check(keyed(caller, profile, name));
  }

  /**
   * The models that the provider's server lists, as of the last minute. To ask takes 15 s at most.
   *
   * @param profile the profile whose it is; null for one of the caller
   * @throws ApiException as {@link #check} does, or {@link ErrorCode#PROVIDER_FAILED}
   */
  public ProviderModels.ModelNames models(Caller caller, @Nullable ProfileSlug profile, String name)
      throws InterruptedException {
    return models.list(keyed(caller, profile, name));
  }

  private KeyedProvider keyed(Caller caller, @Nullable ProfileSlug profile, String name) {
    ProviderOwner owner = owner(caller, profile, Right.EDIT);
    return QuarkusTransaction.joiningExisting()
        .call(() -> store.require(owner, name, LockModeType.NONE).keyed());
  }

  private ProviderOwner owner(Caller caller, @Nullable ProfileSlug profile, Right right) {
    if (profile != null) {
      return ProviderOwner.of(profiles.require(caller, profile, right));
    }
    caller.requireUnlimited(right == Right.SEE ? Scope.READ : Scope.WRITE);
    return ProviderOwner.of(caller);
  }

  private ProviderView view(ProviderOwner owner, Provider provider) {
    return view(owner, provider, store.usedBy(List.of(provider), MOST_TASKS).of(provider));
  }

  private ProviderView view(ProviderOwner owner, Provider provider, UsedBy used) {
    ModelSettings model = access.settings(provider.ofTask());
    return new ProviderView(
        provider.name,
        owner.slug() + "/" + provider.name,
        provider.runner,
        SettingsByRunner.of(
            model instanceof UnreadSettings ? model : model.at(endpoints.of(model).toString())),
        new ProviderView.KeyView(provider.keyHint),
        provider.rate,
        used.tasks(),
        used.count(),
        provider.createdAt,
        provider.modifiedAt,
        provider.etag);
  }
}
