package dev.errand.runs.task;

import dev.errand.base.egress.address.EgressPolicy;
import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.SecretBox;
import dev.errand.base.secret.WebhookSecret;
import dev.errand.runs.task.settings.Callback;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps whom tasks tell of the ends of their runs, and with which secrets. */
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

  /** Checks that each callback may be called, as far as that can be told before it is. */
  void check(List<Callback> callbacks) {
    for (int i = 0; i < callbacks.size(); i++) {
      try {
        egress.checkUrl(URI.create(callbacks.get(i).url()));
      } catch (EgressRefusedException e) {
        String field = "settings.callbacks[" + i + "].url";
        throw new ApiException(
            ErrorCode.EGRESS_REFUSED,
            field + ": " + e.getMessage(),
            List.of(new ApiException.FieldError(field, String.valueOf(e.getMessage()))));
      }
    }
  }

  /**
   * Makes these the callbacks of a task. One that it has already, by its URL, keeps its secrets
   * where the request names none, and stays switched off if it is; one that is not named is
   * forgotten, with what it was still to be told.
   *
   * @param base under which address the service was reached
   * @return the callbacks, with the secrets that were made just now
   */
  List<Callback> keep(Task task, List<Callback.Request> wanted, @Nullable URI base) {
    Map<String, TaskCallback> known = new HashMap<>();
    TaskCallback.allOf(task).forEach(callback -> known.put(callback.url, callback));
    List<Callback> kept = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      String field = "settings.callbacks[" + i + "]";
      Callback checked = wanted.get(i).checked(field);
      kept.add(
          keep(
              task, known.remove(checked.url()), checked, wanted.get(i).givenSecrets(field), base));
    }
    known.values().forEach(TaskCallback::delete);
    return kept;
  }

  private Callback keep(
      Task task,
      @Nullable TaskCallback known,
      Callback wanted,
      List<String> secrets,
      @Nullable URI base) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    TaskCallback callback = known;
    Callback told = wanted;
    if (callback == null) {
      callback = new TaskCallback();
      callback.id = UUID.randomUUID();
      callback.task = task;
      callback.url = wanted.url();
      callback.createdAt = now;
    }
    if (!secrets.isEmpty()) {
      seal(callback, secrets);
    } else if (known == null) {
      String made = WebhookSecret.generate().open().value();
      seal(callback, List.of(made));
      told = new Callback(wanted.url(), wanted.events(), wanted.include(), made);
    }
    callback.events = wanted.events();
    callback.include = wanted.include();
    callback.baseUrl = base == null ? null : base.toString();
    callback.modifiedAt = now;
    if (known == null) {
      callback.persist();
    }
    return told;
  }

  private void seal(TaskCallback callback, List<String> secrets) {
    PlainSecret all = new PlainSecret(json.write(secrets));
    callback.secretsSealed = box.seal(all, TaskCallback.sealContext(callback.id)).bytes();
    callback.secretHints =
        secrets.stream().map(secret -> "…" + secret.substring(secret.length() - 4)).toList();
  }
}
