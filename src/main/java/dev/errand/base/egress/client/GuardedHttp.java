package dev.errand.base.egress.client;

import dev.errand.base.egress.address.EgressPolicy;
import dev.errand.base.egress.address.EgressRefusedException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An HTTP client for untrusted callers. It connects only to hosts that the caller was granted and
 * to addresses that the {@link EgressPolicy} allows. The check is made on the address that the
 * connection uses, and repeated for every redirect.
 */
public interface GuardedHttp {
  /**
   * Sends a request and reads the whole answer, following its redirects. Blocks the calling thread,
   * which may not be an event loop.
   *
   * @throws EgressRefusedException when the URL, its host, its port or every address behind it may
   *     not be called, a redirect leads to such a place, or the method or a header field may not be
   *     sent
   * @throws IOException when the other side can't be reached, cuts the connection, is slower than
   *     the request's timeout or answers with more bytes than it allows; the message is a sentence
   *     that may be shown
   * @throws InterruptedException when the calling thread is interrupted; the connection is then cut
   */
  Answer send(Request request) throws IOException, InterruptedException;

  /**
   * A request.
   *
   * @param method {@code GET}, {@code HEAD}, {@code POST}, {@code PUT}, {@code PATCH}, {@code
   *     DELETE} or {@code OPTIONS}, in any case
   * @param url an absolute {@code http} or {@code https} URL, as it was given
   * @param headers header fields; hop-by-hop fields, {@code Host} and {@code Content-Length} are
   *     refused, {@code Accept-Encoding} is replaced, and {@code User-Agent} is {@code errand} when
   *     not given. A redirect to another origin is followed without those that might hold secrets
   * @param body the body; empty for none
   * @param hosts host names that may be called, lower or upper case; {@code *} is any host, and a
   *     leading {@code *.} any host below a domain
   * @param timeout for the whole exchange, including redirects and reading; more than zero
   * @param maxAnswerBytes the most bytes of body that are read, after decoding; 0 or more, or
   *     {@link #NO_BODY}
   * @param maxRedirects how many redirects are followed, 0 or more; with 0 a redirect is the answer
   */
  record Request(
      String method,
      String url,
      Map<String, String> headers,
      byte[] body,
      List<String> hosts,
      Duration timeout,
      int maxAnswerBytes,
      int maxRedirects) {
    /** How many redirects are followed where a request does not say. */
    public static final int MOST_REDIRECTS = 5;

    /** Instead of the most bytes: the body of the answer is not waited for, and is empty. */
    public static final int NO_BODY = -1;

    /** A request that follows up to {@value #MOST_REDIRECTS} redirects. */
    public Request(
        String method,
        String url,
        Map<String, String> headers,
        byte[] body,
        List<String> hosts,
        Duration timeout,
        int maxAnswerBytes) {
      this(method, url, headers, body, hosts, timeout, maxAnswerBytes, MOST_REDIRECTS);
    }

    public Request {
      headers = Map.copyOf(headers);
      hosts = List.copyOf(hosts);
      if (!timeout.isPositive()) {
        throw new IllegalArgumentException("The timeout must be more than zero.");
      }
      if (maxAnswerBytes < NO_BODY || maxRedirects < 0) {
        throw new IllegalArgumentException(
            "The most bytes of an answer and the most redirects can't be negative.");
      }
    }
  }

  /**
   * An answer, read to its end.
   *
   * @param headers the header fields, names in lower case, without those that describe a coding
   *     that was decoded
   * @param body the body, decoded from {@code gzip} or {@code deflate}; as it came in any other
   *     coding, which {@code content-encoding} then names
   * @param url the URL that answered, after redirects
   */
  record Answer(int status, Map<String, List<String>> headers, byte[] body, URI url) {}
}
