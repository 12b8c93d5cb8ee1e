package dev.errand.automation.trigger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.http.Tagged;
import dev.errand.base.secret.PlainSecret;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trigger as its owner sees it.
 *
 * @param tolerance how far the signed time may be off
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("Trigger")
public record TriggerView(
    @Field String name,
    @Field String scheme,
    @Field(
            "The address for deliveries, for editors with the scope `write`; lists "
                + "leave out those that need no signature.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String url,
    @Field("The last characters of each secret.") List<String> secretHints,
    @Field("The generated secrets; only in the answer that creates them.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> secrets,
    @Field Duration tolerance,
    @Field int ratePerMinute,
    @Field int maxBodyBytes,
    @Field boolean enabled,
    @Field @Nullable Instant expiresAt,
    @Field("The condition that a delivery must meet to start a run; null for none.")
        @Nullable String when,
    @Field("The header fields that `when` and prompts may read, in lower case.")
        List<String> headers,
    @Field Instant createdAt,
    @Field Instant modifiedAt,
    @JsonIgnore long etag)
    implements Tagged {

  static TriggerView of(TaskTrigger trigger, @Nullable String url, List<PlainSecret> generated) {
    TriggerSettings settings = trigger.settings;
    return new TriggerView(
        trigger.name,
        settings.scheme().code(),
        url,
        trigger.secretHints,
        generated.stream().map(PlainSecret::value).toList(),
        settings.tolerance(),
        settings.ratePerMinute(),
        settings.maxBodyBytes(),
        settings.enabled(),
        settings.expiresAt(),
        settings.filter().condition(),
        settings.filter().headers(),
        trigger.createdAt,
        trigger.modifiedAt,
        trigger.etag);
  }

  @Override
  public String toString() {
    return "TriggerView[" + name + "]";
  }
}
