package dev.errand.egress;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * HTTP to the outside, for code that is not trusted with the network: only to hosts that the caller
 * was granted and to addresses that the {@link EgressPolicy} lets through, checked on the address
 * that is then really connected to, at every redirect anew.
 */
public interface GuardedHttp {

  /**
   * Sends a request and reads the whole answer.
   *
   * @throws EgressRefusedException when the URL, its host, its port or every address behind it may
   *     not be called, or a redirect leads to such a place
   * @throws IOException when the other side can't be reached, cuts the connection, is slower than
   *     the request's timeout or answers with more bytes than it allows; the message is a sentence
   *     that may be shown
   * @throws InterruptedException when the calling thread is interrupted; the connection is then cut
   */
  Answer send(Request request) throws IOException, InterruptedException;

  /**
   * A request.
   *
   * @param method an HTTP method name
   * @param url an absolute {@code http} or {@code https} URL, as it was given
   * @param headers header fields; hop-by-hop fields, {@code Host} and {@code Content-Length} are
   *     refused
   * @param body the body; empty for none
   * @param hosts host names that may be called, lower or upper case; {@code *} is any host, and a
   *     leading {@code *.} any host below a domain
   * @param timeout for all of it together, redirects and reading included
   * @param maxAnswerBytes the most bytes of body that are read, after decoding
   */
  record Request(
      String method,
      String url,
      Map<String, String> headers,
      byte[] body,
      List<String> hosts,
      Duration timeout,
      int maxAnswerBytes) {
    public Request {
      headers = Map.copyOf(headers);
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * An answer, read to its end.
   *
   * @param status the HTTP status
   * @param headers the header fields, names in lower case
   * @param body the body, decoded
   * @param url the URL that answered, after redirects
   */
  record Answer(int status, Map<String, List<String>> headers, byte[] body, URI url) {}
}
