package dev.errand.runs.prompt;

/** The rendering of a prompt takes too long for the thread that wanted it, or too much memory. */
public final class LongRenderingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LongRenderingException() {
    super("The rendering takes long.", null, false, false);
  }
}
