package dev.errand.runs.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.models.port.ModelPort;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import dev.errand.models.port.SettingsByRunner;
import dev.errand.models.port.UnreadSettings;
import dev.errand.models.wire.ListedModels;
import dev.errand.models.wire.ModelCatalog;
import dev.errand.models.wire.ModelEndpoints;
import dev.errand.runs.prompt.Prompt;
import dev.errand.runs.provider.Provider;
import dev.errand.runs.provider.ProviderAccess;
import dev.errand.runs.provider.TaskProvider;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The model settings of tasks: their own, and together with those of their providers. */
@Singleton
class TaskModels {
  private final ProviderAccess providers;
  private final ModelEndpoints endpoints;
  private final Runners runners;
  private final ListedModels listed;

  TaskModels(
      ProviderAccess providers, ModelEndpoints endpoints, Runners runners, ListedModels listed) {
    this.providers = providers;
    this.endpoints = endpoints;
    this.runners = runners;
    this.listed = listed;
  }

  /**
   * The checked model settings of a registration.
   *
   * @param provider the provider that has the key and the other settings; null for none
   */
  record CheckedModel(ModelSettings own, @Nullable Provider provider) {}

  /**
   * Checks the model settings of a registration.
   *
   * @param known the task as it is; null for a new one
   * @param schema the schema that answers must fit; null for none
   * @throws ApiException that names all fields which are wrong
   */
  @Transactional(Transactional.TxType.MANDATORY)
  CheckedModel wanted(
      Caller caller,
      Profile profile,
      TaskRegistration registration,
      @Nullable TaskSnapshot known,
      @Nullable ObjectNode schema) {
    CheckedModel wanted = wanted(caller, profile, registration, known);
    checkOutput(wanted, schema);
    return wanted;
  }

  private CheckedModel wanted(
      Caller caller, Profile profile, TaskRegistration registration, @Nullable TaskSnapshot known) {
    String named = registration.provider();
    ModelSettings before = known == null ? null : own(known);
    InvalidFields wrong = new InvalidFields();
    if (named == null) {
      ModelSettings sent = registration.model(null, runners, before, wrong);
      if (sent instanceof UnreadSettings) {
        // Sent back as it is.
        wrong.refuse();
        return new CheckedModel(sent, null);
      }
      if (sent != null) {
        wrong.add(() -> check(null, sent));
        wrong.add(() -> endpoints.check(sent));
      }
      wrong.refuse();
      ModelSettings own = Objects.requireNonNull(sent);
      if (known != null
          && known.provider() == null
          && before != null
          && before.baseUrl() == null
          && endpoints.isConfigured(own)) {
        // A GET shows the configured endpoint. When a client puts it back, it still means the
        // configured one.
        own = own.at(null);
      }
      return new CheckedModel(own, null);
    }
    Provider provider =
        providers.require(caller, profile, named, known == null ? null : known.provider());
    ModelSettings sent = registration.model(provider.runner, runners, before, wrong);
    if (sent != null && sent.baseUrl() != null) {
      wrong.add(
          ApiException.invalid(sent.field("base_url"), "is set by the provider: leave it out"));
    }
    if (registration.settings().key() != null) {
      wrong.add(
          ApiException.invalid(
              "settings.key", "is set by the provider: leave out either the key or `provider`"));
    }
    // What another version stored for the provider does not keep the task from being changed.
    if (sent != null
        && (!sent.equals(before)
            || !(providers.combined(provider.ofTask(), sent) instanceof UnreadSettings))) {
      wrong.add(() -> check(provider.ofTask(), sent));
    }
    wrong.refuse();
    ModelSettings own = Objects.requireNonNull(sent);
    return new CheckedModel(own, provider);
  }

  /**
   * Checks that the models of a task can be asked for answers that fit a schema.
   *
   * @param schema the schema; null for none
   * @throws ApiException that names the invalid field
   */
  private void checkOutput(CheckedModel model, @Nullable ObjectNode schema) {
    ModelSettings all = all(model);
    if (schema != null && !(all instanceof UnreadSettings)) {
      checkOutput(runners.of(all), all, schema);
    }
  }

  private ModelSettings all(CheckedModel model) {
    Provider provider = model.provider();
    return provider == null ? model.own() : providers.combined(provider.ofTask(), model.own());
  }

  /**
   * Checks the settings of a registration by what their server says of the model.
   *
   * @param key the key for that server; empty where there is none
   * @param mayAsk whether the server may be asked first
   * @throws ApiException that names the field which the model would refuse
   * @throws UnlistedModelException where the server is to be asked first
   */
  void checkListed(CheckedModel model, String key, boolean withSchema, boolean mayAsk) {
    ModelSettings all = all(model);
    if (!(all instanceof UnreadSettings)) {
      checkListed(runners.of(all), all, key, withSchema, mayAsk);
    }
  }

  private <S extends ModelSettings> void checkListed(
      ModelPort<S> port, ModelSettings all, String key, boolean withSchema, boolean mayAsk) {
    S settings = port.settings().cast(all);
    if (mayAsk && !key.isEmpty() && port.isAskedBefore(settings) && !listed.isKnown(all, key)) {
      throw new UnlistedModelException(all, key);
    }
    listed.model(all, key).ifPresent(found -> port.checkListed(settings, found, withSchema));
  }

  /** Signals that a server is to be asked for its models, which no transaction waits for. */
  static final class UnlistedModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ModelSettings settings;
    private final transient String key;

    private UnlistedModelException(ModelSettings settings, String key) {
      super("Nothing is known of the model " + settings.model() + ".", null, false, false);
      this.settings = settings;
      this.key = key;
    }

    void ask(ModelCatalog catalog) {
      catalog.learn(settings, key);
    }
  }

  private static <S extends ModelSettings> void checkOutput(
      ModelPort<S> port, ModelSettings settings, ObjectNode schema) {
    port.checkOutput(port.settings().cast(settings), schema);
  }

  /**
   * The registration that results from a patch.
   *
   * @param patch a JSON Merge Patch to the task as clients see it, and to its key
   */
  TaskRegistration patched(TaskView shown, ObjectNode patch, Json json) {
    return TaskRegistration.patched(shown, patch, runners, json);
  }

  /**
   * Checks the settings of a task together with those of its provider.
   *
   * @param provider the provider; null for none
   * @throws ApiException that names the invalid field
   */
  void check(@Nullable TaskProvider provider, ModelSettings own) {
    ModelSettings model = provider == null ? own : providers.combined(provider, own);
    InvalidFields wrong = new InvalidFields();
    wrong.add(model::checked);
    // Nothing is said of a template that is missing.
    if (model.prompt() != null) {
      wrong.add(() -> Prompt.check(model.field("prompt"), model.prompt()));
    }
    String system = model.system();
    if (system != null) {
      wrong.add(() -> Prompt.check(model.field("system"), system));
    }
    wrong.refuse();
  }

  /** The task's own settings, its templates as they were registered. */
  ModelSettings own(TaskSnapshot task) {
    return runners.stored(task.runner(), task.runnerSettings());
  }

  /** The settings of a task with those of its provider, its templates as they were registered. */
  ModelSettings of(TaskSnapshot task) {
    TaskProvider provider = task.provider();
    return provider == null ? own(task) : providers.combined(provider, task.runnerSettings());
  }

  /** The settings with the address of their server; what another version stored is unchanged. */
  ModelSettings atServer(ModelSettings model) {
    return model instanceof UnreadSettings ? model : model.at(endpoints.of(model).toString());
  }

  TaskView view(TaskSnapshot task, TaskSettings settings) {
    ModelSettings own = own(task);
    TaskProvider provider = task.provider();
    return new TaskView(
        task.name(),
        task.runner(),
        provider == null ? null : provider.slug(task.profile()),
        task.enabled(),
        SettingsByRunner.of(provider == null ? atServer(own) : own),
        provider == null ? own : providers.combined(provider, own),
        new TaskView.SettingsView(task.keyHint(), settings),
        task.createdAt(),
        task.modifiedAt(),
        List.of(),
        task.etag());
  }
}
