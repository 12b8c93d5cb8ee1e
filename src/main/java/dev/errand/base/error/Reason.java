package dev.errand.base.error;

/** Describes in a word or a sentence why something failed, for logs. */
public final class Reason {
  private Reason() {}

  /** The message of the problem, or the name of its class. */
  public static String of(Throwable problem) {
    String message = problem.getMessage();
    return message == null || message.isBlank() ? problem.getClass().getSimpleName() : message;
  }
}
