package dev.errand.runs.task;

import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.SettingsByRunner;
import dev.errand.models.wire.ModelEndpoints;
import dev.errand.runs.provider.Provider;
import dev.errand.runs.provider.ProviderAccess;
import dev.errand.runs.task.prompt.Prompt;
import dev.errand.runs.task.settings.TaskSettings;
import dev.errand.runs.task.settings.TaskView;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** The model settings of tasks: their own, and together with those of their providers. */
@ApplicationScoped
class TaskModels {
  private final ProviderAccess providers;
  private final ModelEndpoints endpoints;
  private final Json json;

  TaskModels(ProviderAccess providers, ModelEndpoints endpoints, Json json) {
    this.providers = providers;
    this.endpoints = endpoints;
    this.json = json;
  }

  /**
   * The checked model settings of a registration.
   *
   * @param own the settings of the task itself
   * @param provider the provider that has the key and the other settings; null for none
   */
  record Wanted(ModelSettings own, @Nullable Provider provider) {}

  /**
   * Checks the model settings of a registration.
   *
   * @param known the task as it is; null for a new one
   * @throws ApiException that names the invalid field
   */
  Wanted wanted(
      Caller caller, Profile profile, TaskRegistration registration, @Nullable Task known) {
    String named = registration.provider();
    if (named == null) {
      ModelSettings own = registration.model(null, json);
      check(null, own);
      endpoints.check(own);
      if (known != null
          && known.provider == null
          && own(known).baseUrl() == null
          && endpoints.isConfigured(own)) {
        // A GET shows the configured endpoint. When a client puts it back, it still means the
        // configured one.
        own = own.with(own.prompt(), own.system(), null);
      }
      return new Wanted(own, null);
    }
    Provider provider =
        providers.require(caller, profile, named, known == null ? null : known.provider);
    ModelSettings own = registration.model(provider.runner, json);
    if (own.baseUrl() != null) {
      throw ApiException.invalid(own.field("base_url"), "is set by the provider: leave it out");
    }
    if (registration.settings().key() != null) {
      throw ApiException.invalid(
          "settings.key", "is set by the provider: leave out either the key or `provider`");
    }
    check(provider, own);
    return new Wanted(own, provider);
  }

  /**
   * Checks the settings of a task together with those of its provider.
   *
   * @param provider the provider; null for none
   * @throws ApiException that names the invalid field
   */
  void check(@Nullable Provider provider, ModelSettings own) {
    ModelSettings model =
        (provider == null ? own : providers.combined(provider, json.write(own))).checked();
    Prompt.check(model.field("prompt"), model.prompt());
    if (model.system() != null) {
      Prompt.check(model.field("system"), model.system());
    }
  }

  /** The task's own settings, its templates as they were registered. */
  ModelSettings own(Task task) {
    return json.read(task.runnerSettings, SettingsByRunner.type(task.runner));
  }

  /** The settings of a task with those of its provider, its templates as they were registered. */
  ModelSettings of(Task task) {
    return task.provider == null
        ? own(task)
        : providers.combined(task.provider, task.runnerSettings);
  }

  /** The address of a task's model server. */
  String server(ModelSettings model) {
    return endpoints.of(model).toString();
  }

  /** The task as clients see it. */
  TaskView view(Task task, TaskSettings settings) {
    ModelSettings own = own(task);
    return new TaskView(
        task.name,
        task.runner,
        task.provider == null ? null : task.provider.slug(task.profile),
        task.enabled,
        SettingsByRunner.of(
            task.provider == null ? own.with(own.prompt(), own.system(), server(own)) : own),
        of(task),
        new TaskView.SettingsView(task.keyHint, settings),
        task.createdAt,
        task.modifiedAt);
  }
}
