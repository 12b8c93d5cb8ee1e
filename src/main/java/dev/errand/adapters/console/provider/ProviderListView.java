package dev.errand.adapters.console.provider;

import java.util.List;

/**
 * What the page with providers shows.
 *
 * @param own those of the user
 * @param shared those of the profile
 */
public record ProviderListView(List<Line> own, List<Line> shared) {

  /**
   * A provider.
   *
   * @param name its name
   * @param slug its name in tasks
   * @param address its form
   * @param model its usual model
   * @param server its server
   * @param keyHint the end of its key; empty where it has none
   * @param tasks how many tasks use it
   */
  public record Line(
      String name,
      String slug,
      String address,
      String model,
      String server,
      String keyHint,
      long tasks) {}
}
