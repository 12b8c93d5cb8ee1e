package dev.errand.models.port;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.error.ApiException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a runner's settings: a field with the runner's name. Requests with settings
 * extend this class; views and stored records hold it {@code @JsonUnwrapped}.
 */
@RegisterForReflection
public class SettingsByRunner {
  // Settings, or JSON as it was sent.
  private final Map<String, Object> parts = new LinkedHashMap<>();

  /** For JSON, which adds the parts. */
  protected SettingsByRunner() {}

  /** Wraps settings under the name of their runner; null for none. */
  protected SettingsByRunner(@Nullable ModelSettings settings) {
    if (settings != null) {
      parts.put(settings.runner(), settings);
    }
  }

  /** Wraps settings under the name of their runner. */
  public static SettingsByRunner of(ModelSettings settings) {
    return new SettingsByRunner(settings);
  }

  public static SettingsByRunner none() {
    return new SettingsByRunner();
  }

  @JsonAnySetter
  void part(String name, JsonNode sent) {
    parts.put(name, sent);
  }

  @JsonAnyGetter
  Map<String, Object> parts() {
    return parts;
  }

  /**
   * The settings of a request for a runner.
   *
   * @param known the settings as they are stored; null for none. What another version stored may be
   *     sent back, but not be changed
   * @throws ApiException when there is no such runner, its settings are absent or have an unknown
   *     field, or the request has another unknown field
   */
  public ModelSettings require(
      @Nullable String runner, Runners runners, @Nullable ModelSettings known) {
    if (runner == null
        || (runners.find(runner).isEmpty() && (known == null || !known.runner().equals(runner)))) {
      throw runners.unknown();
    }
    refuseOthers(runner, runners);
    Object part = parts.get(runner);
    if (part == null || (part instanceof JsonNode sent && sent.isNull())) {
      throw ApiException.invalid(runner, "is required with the runner " + runner);
    }
    return part instanceof JsonNode sent ? runners.sent(runner, sent, known) : (ModelSettings) part;
  }

  private void refuseOthers(String runner, Runners runners) {
    for (String name : parts.keySet()) {
      if (!name.equals(runner)) {
        throw runners.find(name).isPresent()
            ? ApiException.invalid(name, "is of another runner than " + runner)
            : runners.unknownField(name, getClass());
      }
    }
  }

  /**
   * Checks that a patch has only fields that this version knows or that are stored.
   *
   * @throws ApiException that names the invalid field
   */
  protected void refuseUnknown(ModelSettings known, Runners runners) {
    parts.forEach(
        (name, part) -> {
          if (runners.find(name).isEmpty() && !name.equals(known.runner())) {
            throw runners.unknownField(name, getClass());
          }
          if (part instanceof JsonNode patch && !patch.isNull()) {
            runners.refuseUnknown(name, patch, known);
          }
        });
  }

  /** The name of the first runner whose settings a request has; null for none. */
  protected @Nullable String anyRunner() {
    return parts.isEmpty() ? null : parts.keySet().iterator().next();
  }

  public ModelSettings any() {
    return parts.values().stream()
        .map(ModelSettings.class::cast)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("The settings of a runner are missing."));
  }
}
