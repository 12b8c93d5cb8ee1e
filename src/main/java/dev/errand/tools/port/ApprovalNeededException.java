package dev.errand.tools.port;

/** A tool was not called, since a person must approve the call first. */
public final class ApprovalNeededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String tool;
  private final String page;

  /**
   * Creates the exception.
   *
   * @param tool the tool's name, as the caller knows it
   * @param page where a person can make the call: a path under the base of the service
   */
  public ApprovalNeededException(String tool, String page) {
    super("A person must approve this call of " + tool + ".");
    this.tool = tool;
    this.page = page;
  }

  public String tool() {
    return tool;
  }

  public String page() {
    return page;
  }
}
