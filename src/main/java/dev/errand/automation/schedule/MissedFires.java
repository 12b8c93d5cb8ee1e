package dev.errand.automation.schedule;

import dev.errand.base.json.Coded;

/** The policy for times that passed while no process could handle them. */
public enum MissedFires implements Coded {
  NONE,
  /** Fire once, for the last of them. */
  LAST,
  /** Fire for each of them, at most for the newest {@value #MOST_AT_ONCE}. */
  ALL;

  /** The most fires of a schedule that one tick starts. */
  static final int MOST_AT_ONCE = 100;
}
