package dev.errand.base.http;

import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Creates REST clients for peers that the operator names. Peers that a user names are called only
 * by the guarded client, which checks their addresses.
 */
public final class OperatorHttp {
  private OperatorHttp() {}

  /**
   * Makes a client.
   *
   * @param timeout how long the peer may take to be reached, and then to answer
   * @param followsRedirects whether it may name another address
   */
  public static <T> T client(Class<T> type, URI url, Duration timeout, boolean followsRedirects) {
    return QuarkusRestClientBuilder.newBuilder()
        .baseUri(withSchemeInLowerCase(url))
        .connectTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .readTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .followRedirects(followsRedirects)
        // A status is for the caller to judge.
        .disableDefaultMapper(true)
        .build(type);
  }

  /** Ends the connections of a client that is not used any more. */
  public static void close(Object client) throws IOException {
    if (client instanceof Closeable connections) {
      connections.close();
    }
  }

  // The client would use any other scheme than "https" without TLS.
  private static URI withSchemeInLowerCase(URI url) {
    String scheme = url.getScheme();
    if (scheme == null) {
      throw new IllegalArgumentException(url + " has no scheme");
    }
    return URI.create(scheme.toLowerCase(Locale.ROOT) + url.toString().substring(scheme.length()));
  }
}
