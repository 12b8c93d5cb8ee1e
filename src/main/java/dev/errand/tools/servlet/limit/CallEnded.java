package dev.errand.tools.servlet.limit;

/** Leaves the code of a servlet from within a host function. */
@SuppressWarnings("serial")
public abstract sealed class CallEnded extends RuntimeException {
  private CallEnded(String message) {
    // Suppression and the stack trace are off: neither is read, and a servlet decides how often.
    super(message, null, false, false);
  }

  /** It may not go on; the message is a sentence for the model. */
  public static final class Failed extends CallEnded {
    public Failed(String sentence) {
      super(sentence);
    }

    public String sentence() {
      return String.valueOf(getMessage());
    }
  }

  /** It asked to exit. */
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

  /** The thread was interrupted while the servlet waited. */
  public static final class Interrupted extends CallEnded {
    public Interrupted() {
      super("interrupted");
    }
  }

  /** It was started before there was a call, and asked for what belongs to one. */
  public static final class Early extends CallEnded {
    public Early() {
      super("early");
    }
  }
}
