package dev.errand.identity.page;

import dev.errand.base.http.PublicUrl;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * Builds answers that are pages. They share their frame, and header fields that make a browser run
 * only this service's own scripts, forbid other pages to frame them, and keep no copy.
 */
@ApplicationScoped
public class HtmlPages {
  public static final String MEDIA_TYPE = MediaType.TEXT_HTML + ";charset=UTF-8";

  /** The source for {@code form-action} of forms that lead only to this service. */
  public static final String OWN_FORMS = "'self'";

  private final PublicUrl url;
  private final PageAssets assets;

  HtmlPages(PublicUrl url, PageAssets assets) {
    this.url = url;
    this.assets = assets;
  }

  /**
   * The frame of a page.
   *
   * @param scripts the names of the scripts that it runs, or their paths from a slash on; none for
   *     a page that runs none
   */
  public PageFrame frame(String... scripts) {
    String base = base();
    List<String> addresses =
        Stream.of(scripts)
            .map(script -> base + (script.startsWith("/") ? script : assets.path(script)))
            .toList();
    return new PageFrame(base, base + assets.path(PageAssets.STYLE), addresses);
  }

  /**
   * The path under which the service is reached from outside, without a slash at its end; empty at
   * the root of its host.
   */
  public String base() {
    String path = url.configured().map(URI::getRawPath).orElse("");
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  public ResponseBuilder<String> answer(int status, PageFrame frame, String html) {
    return answer(status, frame, html, OWN_FORMS);
  }

  /**
   * A page with a form that may lead to other sites.
   *
   * @param formAction where its forms may lead to, as the sources of {@code form-action}
   */
  public ResponseBuilder<String> answer(
      int status, PageFrame frame, String html, String formAction) {
    ResponseBuilder<String> answer =
        ResponseBuilder.<String>create(status).entity(html).type(MEDIA_TYPE);
    headers(!frame.scripts().isEmpty(), formAction).forEach(answer::header);
    return answer;
  }

  /**
   * The header fields of each page.
   *
   * @param formAction where its forms may lead to
   */
  static Map<String, String> headers(boolean scripts, String formAction) {
    String policy =
        "default-src 'none'; %sstyle-src 'self'; img-src 'self' data:; form-action %s; frame-ancestors 'none'; base-uri 'none'"
            .formatted(scripts ? "script-src 'self'; connect-src 'self'; " : "", formAction);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Security-Policy", policy);
    headers.put("X-Frame-Options", "DENY");
    headers.put("X-Content-Type-Options", "nosniff");
    // Without any referrer, older browsers would not show either that a form is from this service.
    headers.put("Referrer-Policy", "same-origin");
    headers.put(HttpHeaders.CACHE_CONTROL, "no-store");
    return headers;
  }

  /**
   * Redirects the browser, which then sends a GET.
   *
   * @param path relative to the base of the service, without a slash at its start
   */
  public ResponseBuilder<String> redirect(String path, UriInfo request) {
    return ResponseBuilder.<String>create(RestResponse.Status.SEE_OTHER)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("Referrer-Policy", "no-referrer")
        .location(url.resolve(path, request::getBaseUri));
  }

  /** The address of a path of this service. */
  URI address(String path, UriInfo request) {
    return url.resolve(path, request::getBaseUri);
  }

  /** The address of a request, relative to the base of the service, with its query. */
  static String path(UriInfo request) {
    URI uri = request.getRequestUri();
    String path = Optional.ofNullable(uri.getRawPath()).orElse("");
    String query = uri.getRawQuery();
    return (path.startsWith("/") ? path.substring(1) : path) + (query == null ? "" : "?" + query);
  }
}
