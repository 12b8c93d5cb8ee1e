package dev.errand.runs.provider;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.models.wire.ModelCatalog;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Lists the models of providers' servers. Lists are cached for a minute. */
@ApplicationScoped
public class ProviderModels {
  private static final int MOST_CHECKED = 100;
  private static final int MOST_LISTED = 1000;
  private static final int MOST_KEPT = 100;
  private static final long FRESH_NANOS = Duration.ofMinutes(1).toNanos();

  private final ProviderAccess access;
  private final ModelKeys keys;
  private final ModelCatalog catalog;
  // The oldest first.
  private final Map<Asked, CachedNames> kept = new LinkedHashMap<>();

  ProviderModels(ProviderAccess access, ModelKeys keys, ModelCatalog catalog) {
    this.access = access;
    this.keys = keys;
    this.catalog = catalog;
  }

  /** The models of a provider. */
  @RegisterForReflection
  @ApiSchema("ProviderModels")
  public record ModelNames(
      @Field("The first 1000 models, in the order of the server.") List<String> models) {}

  // A changed provider is asked again.
  private record Asked(UUID provider, Instant modifiedAt) {}

  private record CachedNames(ModelNames listed, long at) {
    boolean isFresh() {
      return System.nanoTime() - at < FRESH_NANOS;
    }
  }

  /** Calls the server now, to check whether server, key and model are right. */
  ModelCatalog.Listing check(KeyedProvider provider) throws InterruptedException {
    return ask(provider, MOST_CHECKED);
  }

  /**
   * The models, which may come from the cache.
   *
   * @throws ApiException {@link ErrorCode#PROVIDER_FAILED} where the server does not list them
   */
  ModelNames list(KeyedProvider provider) throws InterruptedException {
    Asked asked = new Asked(provider.provider().id(), provider.modifiedAt());
    synchronized (kept) {
      CachedNames found = kept.get(asked);
      if (found != null && found.isFresh()) {
        return found.listed();
      }
    }
    ModelCatalog.Listing answer = ask(provider, MOST_LISTED);
    if (!answer.ok()) {
      throw new ApiException(ErrorCode.PROVIDER_FAILED, answer.message());
    }
    ModelNames listed = new ModelNames(answer.models());
    synchronized (kept) {
      kept.values().removeIf(each -> !each.isFresh());
      if (kept.size() >= MOST_KEPT) {
        kept.remove(kept.keySet().iterator().next());
      }
      kept.put(asked, new CachedNames(listed, System.nanoTime()));
    }
    return listed;
  }

  // No transaction is open while the server is asked.
  private ModelCatalog.Listing ask(KeyedProvider provider, int most) throws InterruptedException {
    String key;
    try {
      key =
          provider
              .key()
              .map(
                  stored ->
                      keys.open(
                          stored,
                          Provider.sealContext(provider.provider().id()),
                          provider.provider().baseUrl()))
              .orElse("");
    } catch (SealBrokenException e) {
      return ModelCatalog.Listing.failed(
          e.isOfUnknownKey()
              ? "The key can't be opened: this server lacks a master key."
              : "The key can't be opened: send settings.key of the provider again.");
    }
    return catalog.ask(access.settings(provider.provider()), key, most);
  }
}
