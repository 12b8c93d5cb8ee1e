package dev.errand.runs.task;

import dev.errand.base.egress.address.EgressPolicy;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.Json;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.SecretBox;
import dev.errand.base.secret.WebhookSecret;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores the callbacks of tasks with their sealed secrets. */
@ApplicationScoped
class TaskCallbacks {
  private final EgressPolicy egress;
  private final SecretBox box;
  private final Json json;
  private final Clock clock;

  TaskCallbacks(EgressPolicy egress, SecretBox box, Json json, Clock clock) {
    this.egress = egress;
    this.box = box;
    this.json = json;
    this.clock = clock;
  }

  /** Checks each callback's URL against the egress rules, without resolving its host. */
  void check(List<Callback> callbacks) {
    InvalidFields wrong = new InvalidFields();
    for (int i = 0; i < callbacks.size(); i++) {
      String field = "settings.callbacks[" + i + "].url";
      URI url = URI.create(callbacks.get(i).url());
      wrong.add(() -> egress.require(field, url));
    }
    wrong.refuse();
  }

  /**
   * Replaces the callbacks of a task. A callback with a known URL keeps its secrets where the
   * request names none, and stays disabled if it is. Callbacks that the request does not name are
   * deleted with their pending deliveries.
   *
   * @return the callbacks, with the secrets that were generated now
   */
  List<Callback> keep(UUID taskId, List<Callback.Request> wanted, @Nullable URI base) {
    Map<String, TaskCallback> known = new HashMap<>();
    TaskCallback.allOf(taskId).forEach(callback -> known.put(callback.url, callback));
    List<Callback> kept = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Callback checked = wanted.get(i).checked();
      kept.add(
          keep(taskId, known.remove(checked.url()), checked, wanted.get(i).givenSecrets(), base));
    }
    known.values().forEach(TaskCallback::delete);
    return kept;
  }

  private Callback keep(
      UUID taskId,
      @Nullable TaskCallback known,
      Callback wanted,
      List<String> secrets,
      @Nullable URI base) {
    Instant now = clock.instant();
    TaskCallback callback = known;
    Callback shown = wanted;
    if (callback == null) {
      callback = new TaskCallback();
      callback.id = UUID.randomUUID();
      callback.taskId = taskId;
      callback.url = wanted.url();
      callback.createdAt = now;
    }
    if (!secrets.isEmpty()) {
      seal(callback, secrets);
    } else if (known == null) {
      String made = WebhookSecret.generate().open().value();
      seal(callback, List.of(made));
      shown = new Callback(wanted.url(), wanted.events(), wanted.include(), made, wanted.others());
    }
    callback.events = wanted.events();
    callback.include = wanted.include();
    callback.baseUrl = base == null ? null : base.toString();
    callback.modifiedAt = now;
    if (known == null) {
      callback.persist();
    }
    return shown;
  }

  private void seal(TaskCallback callback, List<String> secrets) {
    PlainSecret all = new PlainSecret(json.write(secrets));
    callback.secretsSealed = box.seal(all, TaskCallback.sealContext(callback.id)).bytes();
    callback.secretHints = secrets.stream().map(secret -> new PlainSecret(secret).hint()).toList();
  }
}
