package dev.errand.automation.trigger;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.secret.PlainSecret;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trigger as its owner sees it.
 *
 * @param url its absolute address; lists omit addresses that need no signature, and all addresses
 *     for users who may not change triggers
 * @param secrets the secrets that this request generated; they are shown once
 * @param tolerance how far the signed time may be off
 * @param when the condition that a delivery must meet to start a run; null for none
 * @param headers the header fields that the condition and prompts may read
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record TriggerView(
    String name,
    String scheme,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String url,
    List<String> secretHints,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> secrets,
    Duration tolerance,
    int ratePerMinute,
    int maxBodyBytes,
    boolean enabled,
    @Nullable Instant expiresAt,
    @Nullable String when,
    List<String> headers,
    Instant createdAt,
    Instant modifiedAt) {

  static TriggerView of(TaskTrigger trigger, @Nullable String url, List<PlainSecret> generated) {
    return new TriggerView(
        trigger.name,
        trigger.scheme,
        url,
        trigger.secretHints,
        generated.stream().map(PlainSecret::value).toList(),
        trigger.tolerance(),
        trigger.ratePerMinute,
        trigger.maxBodyBytes,
        trigger.enabled,
        trigger.expiresAt,
        trigger.condition,
        trigger.headers,
        trigger.createdAt,
        trigger.modifiedAt);
  }

  @Override
  public String toString() {
    return "TriggerView[" + name + "]";
  }
}
