package dev.errand.automation.schedule;

import dev.errand.base.database.CodedColumn;
import dev.errand.base.json.Coded;
import jakarta.persistence.Converter;

/** The policy for times that passed while no process could handle them. */
public enum MissedFires implements Coded {
  NONE("are skipped"),
  /** Fire once, for the last of them. */
  LAST("the last one is caught up"),
  /** Fire for each of them, at most for the newest {@value #MOST_AT_ONCE}. */
  ALL("the newest " + MissedFires.MOST_AT_ONCE + " are caught up");

  /** The most fires of a schedule that one tick starts. */
  static final int MOST_AT_ONCE = 100;

  /** How entities store it. */
  @Converter(autoApply = true)
  public static class Stored extends CodedColumn<MissedFires> {
    public Stored() {
      super(MissedFires.class);
    }
  }

  private final String words;

  MissedFires(String words) {
    this.words = words;
  }

  @Override
  public String words() {
    return words;
  }
}
