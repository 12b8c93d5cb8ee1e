package dev.errand.base.egress.client;

import java.io.IOException;

/**
 * The certificate of a server is not trusted, or is not for its name. The message is a sentence
 * that may be shown.
 */
public final class UntrustedCertificateException extends IOException {
  private static final long serialVersionUID = 1L;

  UntrustedCertificateException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
