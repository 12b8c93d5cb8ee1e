package dev.errand.tools.servlet.abi;

/** Bytes that can't be a servlet here; the message is a sentence for their author. */
public final class InvalidServletException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * A refusal.
   *
   * @param sentence what is wrong with the servlet, and what would be right
   */
  public InvalidServletException(String sentence) {
    super(sentence);
  }

  public InvalidServletException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
