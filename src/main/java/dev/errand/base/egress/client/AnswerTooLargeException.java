package dev.errand.base.egress.client;

import java.io.IOException;

/** An answer with more bytes than the caller wants. */
final class AnswerTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  AnswerTooLargeException(String place, int maxBytes) {
    super("%s answered with more than the %d bytes that may be read.".formatted(place, maxBytes));
  }
}
