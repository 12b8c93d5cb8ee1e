package dev.errand.runs.task.prompt;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.io.Writer;
import java.util.Iterator;

/**
 * One rendering of a prompt, with limits: a short template over a long list could produce too much
 * text, or too much work without any text.
 */
final class Rendering extends Writer {
  /** The most characters of a rendered prompt. */
  static final int LONGEST = 2 * 1024 * 1024;

  private static final int MOST_STEPS = 1_000_000;

  /** The rendering that the current thread is in. */
  static final ScopedValue<Rendering> CURRENT = ScopedValue.newInstance();

  private final StringBuilder text = new StringBuilder();
  private int steps;

  /** The same items, each counted as a step. */
  Iterator<?> counted(Iterator<?> items) {
    return new Iterator<Object>() {
      @Override
      public boolean hasNext() {
        return items.hasNext();
      }

      @Override
      public Object next() {
        if (++steps > MOST_STEPS) {
          throw new ApiException(
              ErrorCode.TOO_LARGE,
              "The prompt's sections repeat more than " + MOST_STEPS + " times together.");
        }
        return items.next();
      }
    };
  }

  @Override
  public void write(char[] from, int start, int length) {
    makeRoom(length);
    text.append(from, start, length);
  }

  @Override
  public void write(String from, int start, int length) {
    makeRoom(length);
    text.append(from, start, start + length);
  }

  private void makeRoom(int more) {
    if (more > LONGEST - text.length()) {
      throw new ApiException(
          ErrorCode.TOO_LARGE,
          "The prompt has more than " + LONGEST + " characters with these parameters.");
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  @Override
  public String toString() {
    return text.toString();
  }
}
