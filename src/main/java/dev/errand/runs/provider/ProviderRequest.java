package dev.errand.runs.provider;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.json.PartialRequest;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import dev.errand.models.port.SettingsByRunner;
import dev.errand.models.port.UnreadSettings;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to store a provider; the settings of its runner are under the runner's name. Fields
 * that only the server sets are ignored, so that the answer of a GET can be PUT.
 */
@RegisterForReflection
@JsonIgnoreProperties({"name", "slug", "tasks", "task_count", "created_at", "modified_at"})
public final class ProviderRequest extends SettingsByRunner implements PartialRequest {
  private final @Nullable String runner;
  private final @Nullable KeyRequest settings;
  private final @Nullable ProviderRate rate;
  private @Nullable ApiException unread;

  /**
   * Creates it from JSON.
   *
   * @param settings the key
   * @param rate how often the server may be asked; null for any
   */
  @JsonCreator
  ProviderRequest(
      @Nullable String runner, @Nullable KeyRequest settings, @Nullable ProviderRate rate) {
    this.runner = runner;
    this.settings = settings;
    this.rate = rate;
  }

  @Override
  public void keepUnread(ApiException refusal) {
    unread = refusal;
  }

  /**
   * The key of a provider.
   *
   * @param key the key; null keeps the one that is stored
   */
  @RegisterForReflection
  @JsonIgnoreProperties("key_hint")
  record KeyRequest(@Nullable String key) {
    @Override
    public String toString() {
      return "KeyRequest[…]";
    }
  }

  /**
   * The settings of its runner, checked.
   *
   * @param known the provider's settings as they are; null for a new one
   * @throws ApiException when there is no such runner, or its settings are not valid
   */
  ModelSettings model(Runners runners, @Nullable ModelSettings known) {
    InvalidFields wrong = new InvalidFields();
    if (unread != null) {
      wrong.add(unread);
    }
    ModelSettings model = require(runner, runners, known, wrong);
    // What another version stored was sent back as it is.
    if (model != null && !(model instanceof UnreadSettings)) {
      wrong.add(model::checkedForProvider);
    }
    if (rate != null) {
      DeclaredFields.check("rate", rate, wrong);
    }
    wrong.refuse();
    return Objects.requireNonNull(model);
  }

  /** How often the server may be asked; null for any. */
  @Nullable ProviderRate rate() {
    return rate == null || rate.isEmpty() ? null : rate;
  }

  /** The key, if the request has one. */
  @Nullable String key() {
    return settings == null ? null : settings.key();
  }
}
