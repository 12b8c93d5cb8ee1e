package dev.errand.automation.schedule;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The policy for times that passed while no process could handle them. */
public enum MissedFires {
  NONE,
  /** Fire once, for the last of them. */
  LAST,
  /** Fire for each of them, at most for the newest {@value #MOST_AT_ONCE}. */
  ALL;

  /** The most fires of a schedule that one tick starts. */
  static final int MOST_AT_ONCE = 100;

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<MissedFires> of(String code) {
    return Arrays.stream(values()).filter(missed -> missed.code().equals(code)).findFirst();
  }
}
