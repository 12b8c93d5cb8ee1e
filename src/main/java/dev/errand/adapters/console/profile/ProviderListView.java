package dev.errand.adapters.console.profile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with providers.
 *
 * @param nextOwn the address of the page with more of them; null for the last one
 * @param nextShared the address of the page with more of them; null for the last one
 */
public record ProviderListView(
    List<ProviderLine> own,
    @Nullable String nextOwn,
    List<ProviderLine> shared,
    @Nullable String nextShared) {

  /**
   * A provider.
   *
   * @param slug its name in tasks
   * @param keyHint the end of its key; empty where it has none
   * @param tasks how many tasks use it
   */
  public record ProviderLine(
      String name,
      String slug,
      String address,
      String model,
      String server,
      String keyHint,
      long tasks) {}
}
