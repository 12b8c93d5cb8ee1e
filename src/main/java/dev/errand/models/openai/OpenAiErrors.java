package dev.errand.models.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.models.port.RunError;
import dev.errand.models.wire.ServerError;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads errors as all APIs of OpenAI have them, with {@code code}, {@code type} and {@code
 * message}.
 */
public final class OpenAiErrors {
  // Codes of exhausted quota. They come with status 429 or 400, but waiting does not help.
  private static final Set<String> NO_MONEY =
      Set.of("insufficient_quota", "billing_not_active", "billing_hard_limit_reached");

  // OpenAI's, with status 429, and Groq's, with a status of its own.
  private static final Set<String> NO_CAPACITY =
      Set.of("resource_unavailable", "capacity_exceeded");
  private static final int TIER_FULL = 498;

  private OpenAiErrors() {}

  /** The error in the body of an answer with a status that is not 200. */
  public static ServerError ofStatus(int status, JsonNode body) {
    JsonNode error = body.path("error");
    return new ServerError(
        status, meaning(error), message(error), status == TIER_FULL || refusesTier(error), false);
  }

  /**
   * The error in an answer with status 200.
   *
   * @param status the status that fits it; an invalid one counts as 500
   */
  public static ServerError inAnswer(int status, JsonNode error) {
    return ServerError.inAnswer(status, meaning(error), message(error), refusesTier(error));
  }

  private static @Nullable RunError meaning(JsonNode error) {
    String code = error.path("code").asText();
    if (NO_MONEY.contains(code) || NO_MONEY.contains(error.path("type").asText())) {
      return RunError.QUOTA_EXCEEDED;
    }
    return code.equals("model_not_found") ? RunError.MODEL_NOT_FOUND : null;
  }

  private static boolean refusesTier(JsonNode error) {
    return NO_CAPACITY.contains(error.path("code").asText())
        || NO_CAPACITY.contains(error.path("type").asText());
  }

  private static String message(JsonNode error) {
    return error.path("message").asText("");
  }
}
