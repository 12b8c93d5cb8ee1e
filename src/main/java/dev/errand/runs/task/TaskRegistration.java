package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.Json;
import dev.errand.base.json.MergePatch;
import dev.errand.base.json.PartialRequest;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import dev.errand.models.port.SettingsByRunner;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A request to register a task; the settings of its runner are under the runner's name. Fields that
 * only the server sets are ignored, so that the answer of a GET can be PUT.
 */
@RegisterForReflection
@JsonIgnoreProperties({"name", "created_at", "modified_at", "warnings"})
public final class TaskRegistration extends SettingsByRunner implements PartialRequest {
  // Replaced as a whole: null is a value in a schema, and what another one has may be gone.
  private static final List<String> WHOLE = List.of("output_schema", "expect", "approvals");

  private final @Nullable String runner;
  private final @Nullable String provider;
  private final @Nullable String prompt;
  private final TaskSettings.@Nullable Request settings;
  private final @Nullable Boolean enabled;
  private @Nullable ApiException unread;

  /**
   * Creates it from JSON.
   *
   * @param runner the runner's name; null with a provider is the provider's
   * @param provider the provider, in place of a key; null for none
   * @param settings bounds and key
   * @param enabled false prevents runs from being started; null is true
   */
  @JsonCreator
  TaskRegistration(
      @Nullable String runner,
      @Nullable String provider,
      TaskSettings.@Nullable Request settings,
      @Nullable Boolean enabled) {
    this.runner = runner;
    this.provider = provider;
    this.prompt = null;
    this.settings = settings;
    this.enabled = enabled;
  }

  /** A registration with these settings of a runner. */
  public TaskRegistration(
      ModelSettings model, TaskSettings.@Nullable Request settings, @Nullable Boolean enabled) {
    super(model);
    this.runner = model.runner();
    this.provider = null;
    this.prompt = null;
    this.settings = settings;
    this.enabled = enabled;
  }

  /**
   * A registration with a provider.
   *
   * @param model the settings of the provider's runner, if there are more than a prompt
   * @param prompt the prompt, if there are no other settings
   */
  public TaskRegistration(
      String provider,
      @Nullable ModelSettings model,
      @Nullable String prompt,
      TaskSettings.@Nullable Request settings,
      @Nullable Boolean enabled) {
    super(model);
    this.runner = model == null ? null : model.runner();
    this.provider = provider;
    this.prompt = prompt;
    this.settings = settings;
    this.enabled = enabled;
  }

  /**
   * The registration that results from a patch.
   *
   * @param patch a JSON Merge Patch to the task as clients see it, and to its key
   */
  public static TaskRegistration patched(
      TaskView shown, ObjectNode patch, Runners runners, Json json) {
    // A merge drops fields that the patch sets to null, even unknown ones; others it refuses later.
    TaskRegistration changed = json.request(patch, TaskRegistration.class);
    InvalidFields wrong = new InvalidFields();
    changed.refuseUnknown(shown.model().any(), runners, wrong);
    Map<String, JsonNode> others = shown.settings().bounds().others();
    changed.refuseUnknown(
        (name, value) -> value.isNull() && !others.containsKey(name), json, wrong);
    wrong.refuse();
    ObjectNode before = (ObjectNode) json.tree(json.write(shown));
    if (patch.hasNonNull("runner") && !patch.path("runner").asText().equals(shown.runner())) {
      before.remove(shown.runner());
    }
    if (patch.hasNonNull("provider") && before.path(shown.runner()) instanceof ObjectNode model) {
      // The server is the provider's from then on.
      model.remove("base_url");
    }
    ObjectNode merged = MergePatch.apply(before, patch);
    for (String field : WHOLE) {
      if (patch.path("settings").get(field) instanceof ObjectNode whole) {
        merged.withObject("/settings").set(field, whole);
      }
    }
    return json.request(merged, TaskRegistration.class);
  }

  /**
   * Checks that its {@code settings}, their callbacks and watch have only fields that this version
   * knows, or that another one stored and which are sent back.
   *
   * @throws ApiException that names the invalid field
   */
  void refuseUnknown(TaskSettings known, Json json) {
    InvalidFields wrong = new InvalidFields();
    refuseUnknown((name, value) -> !value.equals(known.others().get(name)), json, wrong);
    Expect expect = settings().expect();
    if (expect != null) {
      Map<String, JsonNode> stored = known.expect() == null ? Map.of() : known.expect().others();
      refuse(
          Expect.FIELD + ".",
          expect.others(),
          (name, value) -> !value.equals(stored.get(name)),
          json.fieldsOf(Expect.class),
          wrong);
    }
    List<Callback.Request> callbacks = settings().givenCallbacks();
    for (int i = 0; i < callbacks.size(); i++) {
      Callback.Request sent = callbacks.get(i);
      if (sent == null) {
        // The check of callbacks says so.
        continue;
      }
      Map<String, JsonNode> others =
          known.callbacks().stream()
              .filter(callback -> callback.url().equals(sent.url()))
              .findFirst()
              .map(Callback::others)
              .orElse(Map.of());
      refuse(
          "settings.callbacks[" + i + "].",
          sent.others(),
          (name, value) -> !value.equals(others.get(name)),
          json.fieldsOf(Callback.Request.class),
          wrong);
    }
    TaskWatch.Request watch = settings().watch();
    if (watch != null) {
      Map<String, JsonNode> others = known.watch() == null ? Map.of() : known.watch().others();
      refuse(
          "settings.watch.",
          watch.others(),
          (name, value) -> !value.equals(others.get(name)),
          json.fieldsOf(TaskWatch.Request.class),
          wrong);
    }
    wrong.refuse();
  }

  private void refuseUnknown(
      BiPredicate<String, JsonNode> isRefused, Json json, InvalidFields wrong) {
    refuse(
        "settings.",
        settings().others(),
        isRefused,
        json.fieldsOf(TaskSettings.Request.class),
        wrong);
  }

  @Override
  public void keepUnread(ApiException refusal) {
    unread = refusal;
  }

  /**
   * Checks that all of it could be read.
   *
   * @throws ApiException that names the fields which could not
   */
  void refuseUnread() {
    if (unread != null) {
      throw unread;
    }
  }

  private static void refuse(
      String path,
      Map<String, JsonNode> others,
      BiPredicate<String, JsonNode> isRefused,
      List<String> known,
      InvalidFields wrong) {
    others.entrySet().stream()
        .filter(other -> isRefused.test(other.getKey(), other.getValue()))
        .forEach(
            other ->
                wrong.add(
                    ApiException.unknownField(
                        path + other.getKey(), known.stream().sorted().toList())));
  }

  /** The provider that it names, in place of a key; null for none. */
  @Nullable String provider() {
    return provider;
  }

  /**
   * The settings of its runner.
   *
   * @param ofProvider the runner of its provider; null without a provider
   * @param known the task's settings as they are; null for a new task
   * @param wrong is told of each field that is wrong
   * @return null where there is no such runner, or its settings are missing
   */
  @Nullable ModelSettings model(
      @Nullable String ofProvider,
      Runners runners,
      @Nullable ModelSettings known,
      InvalidFields wrong) {
    if (runner == null && isUnread("provider")) {
      refuseOthers(null, runners, wrong);
      return null;
    }
    if (ofProvider == null) {
      return require(runner, runners, known, wrong);
    }
    if (runner != null && !runner.equals(ofProvider)) {
      wrong.add(ApiException.invalid("runner", "must be " + ofProvider + ", that of the provider"));
    }
    return prompt == null
        ? require(ofProvider, runners, known, wrong)
        : runners.sent(
            ofProvider, JsonNodeFactory.instance.objectNode().put("prompt", prompt), known, wrong);
  }

  TaskSettings.Request settings() {
    return settings == null ? TaskSettings.Request.EMPTY : settings;
  }

  private boolean isUnread(String field) {
    return unread != null
        && unread.errors().stream().anyMatch(error -> error.field().equals(field));
  }

  /** The paths of the secrets that it contains, for the audit. */
  String[] changedSecrets() {
    List<String> changed = new ArrayList<>();
    if (settings().key() != null) {
      changed.add("settings.key");
    }
    if (settings().givenCallbacks().stream().anyMatch(Callback.Request::hasSecrets)) {
      changed.add("settings.callbacks.secrets");
    }
    return changed.toArray(new String[0]);
  }

  boolean isEnabled() {
    return enabled == null || enabled;
  }
}
