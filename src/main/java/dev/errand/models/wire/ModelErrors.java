package dev.errand.models.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.egress.client.GuardedExchange;
import dev.errand.base.http.RetryAfter;
import dev.errand.models.model.ModelAnswer;
import dev.errand.models.model.RunFailure;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads why a model's server did not answer with a message, and whether to ask again. */
@ApplicationScoped
public class ModelErrors {
  private static final int LONGEST_QUOTE = 300;
  private static final int FAILED = 500;

  // OpenAI answers these with status 429 or 400, as if waiting could help.
  private static final Set<String> NO_MONEY =
      Set.of("insufficient_quota", "billing_not_active", "billing_hard_limit_reached");

  private final ObjectMapper json;
  private final Clock clock;

  ModelErrors(ObjectMapper json, Clock clock) {
    this.json = json;
    this.clock = clock;
  }

  /** What an answer means whose status is not 200. */
  public ModelAnswer read(
      URI endpoint, String key, GuardedExchange.Head head, String body, long tookMs) {
    @Nullable Duration wait = RetryAfter.in(head.headers(), clock.instant()).orElse(null);
    return read(endpoint.getHost(), key, head.status(), errorIn(body), wait, tookMs);
  }

  /** What an error means that the server tells of in an answer whose status is 200. */
  public ModelAnswer inAnswer(URI endpoint, String key, JsonNode error, long tookMs) {
    int code = error.path("code").asInt();
    int status = code >= 400 && code < 600 ? code : FAILED;
    return read(endpoint.getHost(), key, status, error, null, tookMs);
  }

  private static ModelAnswer read(
      String host, String key, int status, JsonNode error, @Nullable Duration wait, long tookMs) {
    String code = error.path("code").asText();
    String said = quote(error, key);
    if (status == 402
        || NO_MONEY.contains(code)
        || NO_MONEY.contains(error.path("type").asText())) {
      return refusal(
          RunFailure.QUOTA_EXCEEDED,
          "The account behind the task's key has no quota left at "
              + host
              + ": check its plan and billing."
              + said);
    }
    return switch (status) {
      case 401, 403 ->
          refusal(
              RunFailure.KEY_REFUSED,
              host
                  + " does not take the task's key (status "
                  + status
                  + "): put a valid one in settings.key.");
      case 404 ->
          refusal(
              RunFailure.MODEL_NOT_FOUND,
              host
                  + " has no such model, or the key may not use it: check openai.model and"
                  + " openai.base_url."
                  + said);
      case 429 ->
          setback(host + " is asked too often for this key (status 429)." + said, wait, tookMs);
      case 408, 409 ->
          setback(host + " asks to try again (status " + status + ")." + said, wait, tookMs);
      default ->
          status >= 500
              ? setback(host + " failed (status " + status + ")." + said, wait, tookMs)
              : code.equals("model_not_found")
                  ? refusal(
                      RunFailure.MODEL_NOT_FOUND,
                      host + " has no such model: check openai.model." + said)
                  : refusal(
                      RunFailure.MODEL_REFUSED,
                      host + " refused the request (status " + status + ")." + said);
    };
  }

  private JsonNode errorIn(String body) {
    try {
      return json.readTree(body).path("error");
    } catch (JsonProcessingException e) {
      return json.missingNode();
    }
  }

  // Servers have been seen to repeat part of the key in their messages.
  private static String quote(JsonNode error, String key) {
    String said = error.path("message").asText().strip();
    if (said.isEmpty() || (!key.isEmpty() && said.contains(key))) {
      return "";
    }
    String cut = said.length() > LONGEST_QUOTE ? said.substring(0, LONGEST_QUOTE) + "…" : said;
    return " It said: " + cut;
  }

  private static ModelAnswer setback(String sentence, @Nullable Duration wait, long tookMs) {
    return new ModelAnswer.Setback(RunFailure.MODEL_UNAVAILABLE, sentence, wait, tookMs);
  }

  private static ModelAnswer refusal(RunFailure failure, String sentence) {
    return new ModelAnswer.Refusal(failure, sentence);
  }
}
