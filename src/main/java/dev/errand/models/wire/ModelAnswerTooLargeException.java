package dev.errand.models.wire;

import java.io.IOException;

/** An answer of a model's server exceeds {@code errand.model.max-answer}. */
public final class ModelAnswerTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  public ModelAnswerTooLargeException(String host, long most) {
    super(
        "%s answered with more than %s bytes, which errand.model.max-answer forbids"
            .formatted(host, most));
  }
}
