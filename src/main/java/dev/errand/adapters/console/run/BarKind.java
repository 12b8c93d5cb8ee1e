package dev.errand.adapters.console.run;

import dev.errand.base.json.Coded;

/** The colour of a bar: its code is the CSS class. */
public enum BarKind implements Coded {
  MODEL,
  TOOL,
  WAIT,
  /** What failed. */
  BAD;

  /** The CSS class, as templates write it. */
  @Override
  public String toString() {
    return code();
  }
}
