package dev.errand.runs.provider;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Embeddable;
import org.jspecify.annotations.Nullable;

/** How often the server of a provider may be asked with its key. */
@RegisterForReflection
@Embeddable
@JsonInclude(JsonInclude.Include.NON_NULL)
@ApiSchema(
    value = "ProviderRate",
    description =
        "How often the server may be asked with the key, by the runs of all tasks and providers that"
            + " have this key together. Requests beyond that wait for their turn.")
public record ProviderRate(
    @Field(
            value = "The most requests in a minute, evenly spaced.",
            label = "Requests a minute",
            placeholder = "any",
            least = 1,
            most = ProviderRate.MOST_REQUESTS)
        @Nullable Integer requestsPerMinute,
    @Field(
            value = "The most tokens in a minute, of requests and answers together.",
            label = "Tokens a minute",
            placeholder = "any",
            least = 1,
            most = ProviderRate.MOST_TOKENS)
        @Nullable Long tokensPerMinute,
    @Field(
            value = "The most requests that may wait for their answers at once.",
            label = "Requests at once",
            placeholder = "any",
            least = 1,
            most = ProviderRate.MOST_AT_ONCE)
        @Nullable Integer concurrency)
    implements CheckedRequest {
  static final long MOST_REQUESTS = 1_000_000;
  static final long MOST_TOKENS = 1_000_000_000_000L;
  static final long MOST_AT_ONCE = 100_000;

  @Override
  public void check() {
    DeclaredFields.check(this);
  }

  /** Whether it limits nothing. */
  @JsonIgnore
  boolean isEmpty() {
    return requestsPerMinute == null && tokensPerMinute == null && concurrency == null;
  }
}
