package dev.errand.tools.servlet.module;

/** How a process runs the code of a servlet. */
public enum Execution {
  /** Compiled when the program was built. */
  BUILT_IN("built-in"),
  /** Compiled to JVM code when it is loaded. */
  COMPILED("compiled"),
  /** Interpreted, at least in part, which is slower by two orders of magnitude. */
  INTERPRETED("interpreted");

  private final String text;

  Execution(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
