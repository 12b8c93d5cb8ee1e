package dev.errand.base.egress.client;

import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.address.Target;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One request as it goes over the wire, before or after a redirect.
 *
 * @param method the method, upper case
 * @param headers the caller's header fields, names in lower case
 * @param body the body; empty for none
 */
record HttpAttempt(String method, Target target, Map<String, String> headers, byte[] body) {
  private static final int MOST_HEADER_CHARS = 65_536;
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");
  private static final Set<String> OURS =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** The header fields that may be sent to another origin; any other field may hold a secret. */
  private static final Set<String> HARMLESS =
      Set.of(
          "accept",
          "accept-language",
          "cache-control",
          "content-language",
          "content-type",
          "pragma",
          "range",
          "user-agent");

  /**
   * Reads a request whose answer may come packed.
   *
   * @throws EgressRefusedException when its method, URL or a header field may not be sent
   */
  static HttpAttempt of(GuardedHttp.Request request) throws EgressRefusedException {
    HttpAttempt call = of(request.method(), request.url(), request.headers(), request.body());
    // Accepts only codings that are decoded here, within the limit of the answer.
    call.headers().put("accept-encoding", "gzip");
    return call;
  }

  /**
   * Reads a request.
   *
   * @throws EgressRefusedException when its method, URL or a header field may not be sent
   */
  static HttpAttempt of(String method, String url, Map<String, String> fields, byte[] body)
      throws EgressRefusedException {
    String upper = method.toUpperCase(Locale.ROOT);
    if (!METHODS.contains(upper)) {
      throw new EgressRefusedException(
          "The method must be one of GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS.");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    int chars = 0;
    for (Map.Entry<String, String> field : fields.entrySet()) {
      String name = checked(field.getKey(), field.getValue());
      chars += name.length() + field.getValue().length();
      if (headers.put(name, field.getValue()) != null) {
        throw new EgressRefusedException("The header field " + name + " is given twice.");
      }
    }
    if (chars > MOST_HEADER_CHARS) {
      throw new EgressRefusedException(
          "The header fields are longer than " + MOST_HEADER_CHARS + " characters.");
    }
    headers.putIfAbsent("user-agent", "errand");
    return new HttpAttempt(upper, Target.parse(url), headers, body);
  }

  /**
   * The request by which a redirect is followed.
   *
   * @throws EgressRefusedException when it leads to no URL that may be called
   */
  HttpAttempt follow(int status, String location) throws EgressRefusedException {
    Target next = target.resolve(location);
    if (target.secure() && !next.secure()) {
      throw new EgressRefusedException(
          "The redirect from %s leads from https to http and is not followed."
              .formatted(target.place()));
    }
    boolean keepsMethod =
        status == 307 || status == 308 || method.equals("GET") || method.equals("HEAD");
    Map<String, String> kept = new LinkedHashMap<>(headers);
    if (!next.origin().equals(target.origin())) {
      kept.keySet().removeIf(name -> !HARMLESS.contains(name) && !name.equals("accept-encoding"));
    }
    if (!keepsMethod) {
      kept.keySet().removeIf(name -> name.startsWith("content-"));
    }
    return new HttpAttempt(
        keepsMethod ? method : "GET", next, kept, keepsMethod ? body : new byte[0]);
  }

  private static String checked(String name, String value) throws EgressRefusedException {
    if (!TOKEN.matcher(name).matches()) {
      throw new EgressRefusedException("The name of a header field holds a forbidden character.");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (OURS.contains(lower) || lower.startsWith("proxy-")) {
      throw new EgressRefusedException(
          "The header field " + lower + " belongs to the connection and can't be given.");
    }
    if (!VALUE.matcher(value).matches()) {
      throw new EgressRefusedException(
          "The value of the header field " + lower + " holds a forbidden character.");
    }
    return lower;
  }
}
