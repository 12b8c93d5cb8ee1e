package dev.errand.automation.schedule.store;

import dev.errand.automation.schedule.fire.FirePlan;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What becomes of the times that passed while nobody could see to them. */
public enum MissedFires {
  /** They are let go. */
  NONE,
  /** The last of them is made up for. */
  LAST,
  /** All of them are made up for, up to {@link FirePlan#MOST_AT_ONCE}, the newest ones then. */
  ALL;

  /** The name as it stands in JSON and in the database. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<MissedFires> of(String code) {
    return Arrays.stream(values()).filter(missed -> missed.code().equals(code)).findFirst();
  }
}
