package dev.errand.automation.schedule;

import dev.errand.base.json.Coded;

/** The policy for times that passed while no process could handle them. */
public enum MissedFires implements Coded {
  /** Skip them all. */
  NONE,
  /** Fire once, for the last of them. */
  LAST,
  /** Fire for each of them, at most for the newest {@link FirePlan#MOST_AT_ONCE}. */
  ALL;
}
