package dev.errand.tools.servlet.abi;

/** The bytes are not a valid servlet; the message is a sentence for their author. */
public final class InvalidServletException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param sentence what is wrong with the servlet, and how to correct it
   */
  public InvalidServletException(String sentence) {
    super(sentence);
  }

  public InvalidServletException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
