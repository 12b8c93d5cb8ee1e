package dev.errand.tools.port;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.json.WellFormed;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a call of a tool has got, as the tool itself says.
 *
 * @param progress how much is done; it grows
 * @param total how much there is to do; null where the tool does not say
 * @param message what it does now, at most a thousand characters; null for nothing
 */
public record ToolProgress(double progress, @Nullable Double total, @Nullable String message) {
  private static final int LONGEST_MESSAGE = 1000;

  /** Reads the parameters of a notification; empty where they have no progress. */
  public static Optional<ToolProgress> of(JsonNode params) {
    JsonNode progress = params.path("progress");
    JsonNode total = params.path("total");
    String message = params.path("message").textValue();
    return progress.isNumber() && Double.isFinite(progress.doubleValue())
        ? Optional.of(
            new ToolProgress(
                progress.doubleValue(),
                total.isNumber() && Double.isFinite(total.doubleValue())
                    ? total.doubleValue()
                    : null,
                message == null ? null : WellFormed.cut(message, LONGEST_MESSAGE)))
        : Optional.empty();
  }
}
