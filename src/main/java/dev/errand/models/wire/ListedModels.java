package dev.errand.models.wire;

import dev.errand.base.secret.Sha256;
import dev.errand.models.port.ModelPort.Lacks;
import dev.errand.models.port.ModelPort.ListedModel;
import dev.errand.models.port.ModelSettings;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What models' servers said of their models within the last hour. A list is kept for one server and
 * key, of which only a digest is kept.
 */
@Singleton
public class ListedModels {
  private static final int MOST_LISTS = 64;
  private static final int MOST_MODELS = 256;
  private static final Duration KEPT = Duration.ofHours(1);
  // So that a server that lists nothing does not delay each registration.
  private static final Duration KEPT_FAILURE = Duration.ofMinutes(1);
  private static final Pattern DATE = Pattern.compile("-[0-9]{8}");

  private final ModelEndpoints endpoints;
  // The oldest first.
  private final Map<Source, KeptList> kept = new LinkedHashMap<>();

  ListedModels(ModelEndpoints endpoints) {
    this.endpoints = endpoints;
  }

  private record Source(String runner, String server, String keyDigest) {}

  private record KeptList(List<ListedModel> models, long until) {
    boolean isFresh() {
      return System.nanoTime() - until < 0;
    }
  }

  /** Whether the server was asked lately, even if it did not answer. */
  public boolean isKnown(ModelSettings settings, String key) {
    return find(source(settings, key)) != null;
  }

  /** What the server said of the model of the settings, if anything. */
  public Optional<ListedModel> model(ModelSettings settings, String key) {
    KeptList list = find(source(settings, key));
    return list == null ? Optional.empty() : named(list.models, settings.model());
  }

  // A server lists models with the date of their version, which a task may leave out.
  private static Optional<ListedModel> named(List<ListedModel> models, String name) {
    return models.stream()
        .filter(model -> model.id().equals(name))
        .findFirst()
        .or(
            () ->
                models.stream()
                    .filter(model -> model.id().startsWith(name))
                    .filter(model -> DATE.matcher(model.id().substring(name.length())).matches())
                    .findFirst());
  }

  void keep(ModelSettings settings, String key, List<ListedModel> models) {
    put(
        source(settings, key),
        models.stream().filter(ListedModels::isDescribed).limit(MOST_MODELS).toList(),
        KEPT);
  }

  private static boolean isDescribed(ListedModel model) {
    return model.maxOutputTokens() != null || !model.lacks().equals(Lacks.NOTHING);
  }

  /** Keeps that the server listed nothing, for a minute. */
  void keepFailure(ModelSettings settings, String key) {
    put(source(settings, key), List.of(), KEPT_FAILURE);
  }

  private synchronized void put(Source source, List<ListedModel> models, Duration life) {
    kept.values().removeIf(list -> !list.isFresh());
    kept.remove(source);
    if (kept.size() >= MOST_LISTS) {
      kept.remove(kept.keySet().iterator().next());
    }
    kept.put(source, new KeptList(models, System.nanoTime() + life.toNanos()));
  }

  private synchronized @Nullable KeptList find(Source source) {
    KeptList list = kept.get(source);
    return list != null && list.isFresh() ? list : null;
  }

  private Source source(ModelSettings settings, String key) {
    return new Source(settings.runner(), endpoints.of(settings).toString(), Sha256.hex(key));
  }
}
