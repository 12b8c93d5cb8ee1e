package dev.errand.tools.port;

/** A tool was not called, since a person must approve the call first. */
public final class ApprovalNeededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String tool;

  /**
   * Creates the exception.
   *
   * @param tool the tool's name, as the caller knows it
   */
  public ApprovalNeededException(String tool) {
    super("A person must approve this call of " + tool + ".");
    this.tool = tool;
  }

  public String tool() {
    return tool;
  }
}
