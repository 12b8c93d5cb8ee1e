package dev.errand.models.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.models.port.Usage;
import dev.errand.models.price.Prices;
import dev.errand.models.wire.ModelCall;
import jakarta.inject.Singleton;

/** Reads the tokens that an answer used, and adds their cost. */
@Singleton
public class OpenAiUsage {
  private final Prices prices;

  OpenAiUsage(Prices prices) {
    this.prices = prices;
  }

  /**
   * The usage of an answer.
   *
   * @param read the prefix of the counts of the request, such as {@code input}
   * @param written the prefix of the counts of the answer, such as {@code output}
   */
  public Usage.Step of(ModelCall call, JsonNode answer, String read, String written, long tookMs) {
    JsonNode usage = Usage.believed(answer.path("usage"));
    JsonNode readDetails = usage.path(read + "_tokens_details");
    long prompt = Usage.tokens(usage.path(read + "_tokens"));
    long completion = Usage.tokens(usage.path(written + "_tokens"));
    Usage.Step used =
        new Usage.Step(
            prompt,
            completion,
            Math.max(prompt + completion, Usage.tokens(usage.path("total_tokens"))),
            Usage.tokens(readDetails.path("cached_tokens")),
            Usage.tokens(readDetails.path("cache_write_tokens")),
            Usage.tokens(usage.path(written + "_tokens_details").path("reasoning_tokens")),
            null,
            tookMs,
            Usage.tier(answer.path("service_tier")));
    return prices.priced(call, used, usage.path("cost"), answer.path("model").asText());
  }
}
