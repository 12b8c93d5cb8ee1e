package dev.errand.runs.queue;

import dev.errand.support.Settings;
import java.util.Map;

/**
 * Nothing is added up, removed or delivered but by the test. Without its scheduler, a service does
 * not even begin the first pass, which is due 15 s after each start and takes the turn of a test's.
 */
public final class KeptByHand implements Settings {
  @Override
  public Map<String, String> start() {
    return Map.of("quarkus.scheduler.start-mode", "halted", "errand.callback.mode", "request");
  }
}
