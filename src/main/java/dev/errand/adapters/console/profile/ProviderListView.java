package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.profile.ProviderListView.ProviderLine;
import dev.errand.runs.provider.ProviderView;
import java.util.List;
import java.util.Objects;
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

  /** A provider. */
  public record ProviderLine(ProviderView provider, String address) {

    /** Its model; empty where it has none. */
    public String model() {
      return Objects.requireNonNullElse(provider.model().any().model(), "");
    }

    /** Its server; empty for the configured one. */
    public String server() {
      return Objects.requireNonNullElse(provider.model().any().baseUrl(), "");
    }
  }
}
