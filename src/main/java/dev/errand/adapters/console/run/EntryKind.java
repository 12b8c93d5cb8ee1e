package dev.errand.adapters.console.run;

import dev.errand.base.json.Coded;

/** How an entry of a run looks: its code is the CSS class. */
public enum EntryKind implements Coded {
  USER,
  ASSISTANT,
  FINAL,
  TOOL,
  FAILED,
  WARNING,
  NOTE,
  LOG;

  /** The CSS class, as templates write it. */
  @Override
  public String toString() {
    return code();
  }
}
