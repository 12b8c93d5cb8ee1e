package dev.errand.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;

/**
 * A vendor that refuses what is beyond its rate: it gives requests back as evenly as they may come,
 * and lets no more come at once than those of a second, or two where that is more.
 */
final class RatedVendor implements Vendor {
  /** What prompts for it begin with. */
  static final String PROMPT = "rated ";

  private static final double MINUTE_NANOS = 60e9;

  private final double perNano;
  private final double most;
  private double left;
  private long at = System.nanoTime();
  private long firstAt;
  private long lastAt;
  private int answered;
  private int refused;

  RatedVendor(int perMinute) {
    perNano = perMinute / MINUTE_NANOS;
    most = Math.max(2, perMinute / 60.0);
    left = most;
  }

  @Override
  public boolean takes(String prompt) {
    return prompt.startsWith(PROMPT);
  }

  @Override
  public synchronized Answer answer(JsonNode sent, JsonNode request) {
    long now = System.nanoTime();
    left = Math.min(most, left + (now - at) * perNano);
    at = now;
    if (left < 1) {
      refused++;
      return ScriptedModel.error(429, "rate_limit_exceeded", "Slow down.");
    }
    left--;
    firstAt = answered == 0 ? now : firstAt;
    lastAt = now;
    answered++;
    return ScriptedModel.say("Done.");
  }

  synchronized int answered() {
    return answered;
  }

  synchronized int refused() {
    return refused;
  }

  /** The seconds from the first answered request to the last. */
  synchronized double seconds() {
    return (lastAt - firstAt) / 1e9;
  }
}
