package dev.errand.tools.servlet.limit;

/** Thrown by a host function to end the execution of a servlet. */
@SuppressWarnings("serial")
public abstract sealed class CallEnded extends RuntimeException {
  private CallEnded(String message) {
    // Suppression and stack traces are off: they are not used, and a servlet could cause many.
    super(message, null, false, false);
  }

  /** The servlet may not continue; the message is a sentence for the model. */
  public static final class Failed extends CallEnded {
    public Failed(String sentence) {
      super(sentence);
    }

    public String sentence() {
      return String.valueOf(getMessage());
    }
  }

  /** The servlet called exit. */
  public static final class Exited extends CallEnded {
    private final int code;

    public Exited(int code) {
      super("exit");
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  /** The servlet's thread was interrupted. */
  public static final class Interrupted extends CallEnded {
    public Interrupted() {
      super("interrupted");
    }
  }

  /** A servlet that was started in advance used a function that needs a call. */
  public static final class Early extends CallEnded {
    public Early() {
      super("early");
    }
  }
}
