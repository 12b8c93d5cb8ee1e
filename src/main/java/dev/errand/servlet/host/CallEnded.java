package dev.errand.servlet.host;

/** Leaves the code of a servlet from within a host function. */
@SuppressWarnings("serial")
abstract sealed class CallEnded extends RuntimeException {
  private CallEnded(String message) {
    // Suppression and the stack trace are off: neither is read, and a servlet decides how often.
    super(message, null, false, false);
  }

  /** It may not go on; the message is a sentence for the model. */
  static final class Failed extends CallEnded {
    Failed(String sentence) {
      super(sentence);
    }

    String sentence() {
      return String.valueOf(getMessage());
    }
  }

  /** It asked to exit. */
  static final class Exited extends CallEnded {
    private final int code;

    Exited(int code) {
      super("exit");
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** The thread was interrupted while the servlet waited. */
  static final class Interrupted extends CallEnded {
    Interrupted() {
      super("interrupted");
    }
  }

  /** It was started before there was a call, and asked for what belongs to one. */
  static final class Early extends CallEnded {
    Early() {
      super("early");
    }
  }
}
