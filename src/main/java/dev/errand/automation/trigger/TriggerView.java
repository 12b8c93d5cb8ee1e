package dev.errand.automation.trigger;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.secret.Opened;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trigger as its owner sees it.
 *
 * @param name its name
 * @param scheme how a delivery proves that it is its sender's
 * @param url its address, absolute; a list leaves out those that need no more
 * @param secretHints the end of each secret
 * @param secrets what was made for it by this request; it is told this once
 * @param tolerance how far the sender's time may be from ours
 * @param ratePerMinute how many deliveries it takes in a minute
 * @param maxBodyBytes the largest body that it takes
 * @param expiresAt when its address ends
 * @param createdAt when it was made
 * @param modifiedAt when it last changed
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
record TriggerView(
    String name,
    String scheme,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String url,
    List<String> secretHints,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> secrets,
    Duration tolerance,
    int ratePerMinute,
    int maxBodyBytes,
    @Nullable Instant expiresAt,
    Instant createdAt,
    Instant modifiedAt) {

  static TriggerView of(TaskTrigger trigger, @Nullable String url, List<Opened> generated) {
    return new TriggerView(
        trigger.name,
        trigger.scheme,
        url,
        trigger.secretHints,
        generated.stream().map(Opened::value).toList(),
        trigger.tolerance(),
        trigger.ratePerMinute,
        trigger.maxBodyBytes,
        trigger.expiresAt,
        trigger.createdAt,
        trigger.modifiedAt);
  }

  @Override
  public String toString() {
    return "TriggerView[" + name + "]";
  }
}
