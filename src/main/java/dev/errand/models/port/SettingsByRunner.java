package dev.errand.models.port;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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
   * @param wrong is told of each field that is unknown or of the wrong type
   * @return null where there is no such runner, or its settings are absent or not read
   */
  public @Nullable ModelSettings require(
      @Nullable String runner,
      Runners runners,
      @Nullable ModelSettings known,
      InvalidFields wrong) {
    boolean isUnknown =
        runner == null
            || (runners.find(runner).isEmpty()
                && (known == null || !known.runner().equals(runner)));
    refuseOthers(isUnknown ? null : runner, runners, wrong);
    if (runner == null || isUnknown) {
      wrong.add(runners.unknown());
      return null;
    }
    Object part = parts.get(runner);
    if (part == null || (part instanceof JsonNode sent && sent.isNull())) {
      wrong.add(ApiException.invalid(runner, "is required with the runner " + runner));
      return null;
    }
    return part instanceof JsonNode sent
        ? runners.sent(runner, sent, known, wrong)
        : (ModelSettings) part;
  }

  /**
   * The settings of a request for a runner.
   *
   * @param known the settings as they are stored; null for none
   * @throws ApiException that names all fields which are unknown or of the wrong type
   */
  public ModelSettings require(
      @Nullable String runner, Runners runners, @Nullable ModelSettings known) {
    InvalidFields wrong = new InvalidFields();
    ModelSettings settings = require(runner, runners, known, wrong);
    wrong.refuse();
    return Objects.requireNonNull(settings);
  }

  /**
   * Checks that it has no part beside that of a runner.
   *
   * @param runner null where it is not known: the parts of all runners are allowed then
   * @param wrong is told of each other part
   */
  protected void refuseOthers(@Nullable String runner, Runners runners, InvalidFields wrong) {
    for (String name : parts.keySet()) {
      if (!name.equals(runner)) {
        if (runners.find(name).isEmpty()) {
          wrong.add(runners.unknownField(name, getClass()));
        } else if (runner != null) {
          wrong.add(ApiException.invalid(name, "is of another runner than " + runner));
        }
      }
    }
  }

  /**
   * Checks that a patch removes only fields that this version knows or that are stored.
   *
   * @param wrong is told of each other field
   */
  protected void refuseUnknown(ModelSettings known, Runners runners, InvalidFields wrong) {
    parts.forEach(
        (name, part) -> {
          boolean isKnown = runners.find(name).isPresent() || name.equals(known.runner());
          if (part instanceof JsonNode patch && !patch.isNull()) {
            runners.refuseUnknown(name, patch, known, wrong);
          } else if (!isKnown) {
            wrong.add(runners.unknownField(name, getClass()));
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
