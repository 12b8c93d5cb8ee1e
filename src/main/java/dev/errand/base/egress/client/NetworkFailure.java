package dev.errand.base.egress.client;

import dev.errand.base.egress.address.Target;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Describes network failures in a sentence that reveals only host and port. */
final class NetworkFailure {

  private NetworkFailure() {}

  /** Why no connection was established. */
  static IOException toConnect(Target target, @Nullable Throwable cause) {
    if (cause != null && has(cause, CertificateException.class)) {
      return new UntrustedCertificateException(
          "The certificate of %s is not trusted, or is not for that name."
              .formatted(target.place()),
          cause);
    }
    String sentence =
        has(cause, SSLException.class)
            ? "No secure connection to %s could be made."
            : "%s can't be reached.";
    return new IOException(sentence.formatted(target.place()), cause);
  }

  /** Why no whole answer came over a connection. */
  static IOException toAnswer(Target target, @Nullable Throwable cause) {
    String sentence =
        has(cause, TooLongHttpHeaderException.class) || has(cause, TooLongHttpLineException.class)
            ? "%s answered with header fields that are too long."
            : has(cause, DecoderException.class) || has(cause, IllegalArgumentException.class)
                ? "%s answered with something that is not HTTP."
                : "The connection to %s broke before the answer was whole.";
    return new IOException(sentence.formatted(target.place()), cause);
  }

  private static boolean has(@Nullable Throwable cause, Class<? extends Throwable> type) {
    Throwable at = cause;
    for (int depth = 0; at != null && depth < 10; depth++) {
      if (type.isInstance(at)) {
        return true;
      }
      at = at.getCause();
    }
    return false;
  }
}
