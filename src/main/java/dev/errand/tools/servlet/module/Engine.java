package dev.errand.tools.servlet.module;

/** The engine that executes servlets: compiled or interpreted. */
public enum Engine {
  /** Compiled to JVM code when it is loaded. */
  COMPILED,
  /**
   * Interpreted, which is slower by two orders of magnitude, and the only way in a native
   * executable.
   */
  INTERPRETED;

  /** The fastest that this process can use. */
  public static Engine best() {
    return System.getProperty("org.graalvm.nativeimage.imagecode") == null ? COMPILED : INTERPRETED;
  }
}
