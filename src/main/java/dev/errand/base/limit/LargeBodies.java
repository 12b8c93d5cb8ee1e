package dev.errand.base.limit;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.OAuthError;
import dev.errand.base.http.Problem;
import dev.errand.base.json.Json;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses a body that is too large with a problem document: before it is read if its length is
 * known, else while it is read; forms of pages get a page. The limit of the server applies to
 * published servlets, that of a tool's arguments to calls of tools, the lowest to what anybody may
 * send without a session, and that of other requests to everything else.
 */
@ApplicationScoped
class LargeBodies {
  private static final int BEFORE_THE_SERVERS_OWN_CHECK = 10_000;
  private static final int AFTER_THE_SERVERS_OWN_CHECK = 1;
  private static final String MOST = "errand.most-bytes-of-body";
  private static final Pattern PUBLISHING = Pattern.compile("/api/servlets/[^/]+/[^/]+/?");
  private static final Pattern UPLOADING = Pattern.compile("/console/[^/]+/[^/]+/publish/?");

  private static final Pattern FORMS = Pattern.compile("/console/.+");

  private static final Pattern CALLING =
      Pattern.compile("/api/profiles/[^/]+/[^/]+/installations/[^/]+/tools/.+");

  private static final Pattern SIGNING_IN =
      Pattern.compile("/(sign-in|sign-out|channels|oauth|api/sessions|api/invitations)([/;].*)?");

  private static final long MOST_OF_STRANGERS = 64L * 1024;
  private static final long DRAINED = 256L * 1024 * 1024;

  private final Json json;
  private final LargeBodyPage page;
  private final long mostOfServlet;
  private final long mostOfOthers;
  private final long mostOfArguments;

  /**
   * Limits request bodies.
   *
   * @param mostOfOthers the largest body of a request that neither publishes a servlet nor calls a
   *     tool
   */
  LargeBodies(
      Json json,
      LargeBodyPage page,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize mostOfServlet,
      @ConfigProperty(name = "errand.http.max-body-size", defaultValue = "2M")
          MemorySize mostOfOthers,
      @ConfigProperty(name = "errand.servlet.input", defaultValue = "4M")
          MemorySize mostOfArguments) {
    this.json = json;
    this.page = page;
    this.mostOfServlet = mostOfServlet.asLongValue();
    this.mostOfOthers = Math.min(this.mostOfServlet, mostOfOthers.asLongValue());
    this.mostOfArguments =
        Math.max(this.mostOfOthers, Math.min(this.mostOfServlet, mostOfArguments.asLongValue()));
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, BEFORE_THE_SERVERS_OWN_CHECK);
    filters.register(this::limitUnsaid, AFTER_THE_SERVERS_OWN_CHECK);
  }

  private void check(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    long most = most(context);
    if (length == null || !isLonger(length, most)) {
      context.next();
      return;
    }
    if (isForm(context) && !isLonger(length, DRAINED)) {
      // Browsers show no answer before they have sent everything.
      context.request().handler(piece -> {});
      context.request().endHandler(end -> show(context, most));
      context.request().resume();
      return;
    }
    Problem problem = tooLarge(most);
    boolean isOfOAuth = OAuthError.isFormAt(context.normalizedPath());
    // The next bytes on this connection would be the unread body.
    context
        .response()
        .setStatusCode(problem.status())
        .putHeader(
            HttpHeaders.CONTENT_TYPE, isOfOAuth ? MediaType.APPLICATION_JSON : Problem.MEDIA_TYPE)
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end(json.write(isOfOAuth ? OAuthError.of(problem) : problem));
  }

  private void show(RoutingContext context, long most) {
    Problem problem =
        Problem.of(
            ErrorCode.TOO_LARGE,
            (isUpload(context)
                    ? "The file and the rest of the form may have %d bytes at the most. Go back, and"
                        + " choose a smaller file: a module is smaller without debug information."
                        + " The operator allows larger ones by ERRAND_SERVLET_MODULE."
                    : "What is filled into the form may have %d bytes at the most, and nothing of it"
                        + " is saved. Go back, and shorten the longest text. The operator allows"
                        + " more by ERRAND_HTTP_MAX_BODY_SIZE.")
                .formatted(most),
            List.of());
    page.headers().forEach((name, value) -> context.response().putHeader(name, value));
    context
        .response()
        .setStatusCode(problem.status())
        .end(page.html(problem, context.request().getHeader(HttpHeaders.REFERER)));
  }

  // Where the server counts itself, it answers in the middle of the reading, and without a body.
  private void limitUnsaid(RoutingContext context) {
    if (context.get(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY) != null) {
      context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, Long.MAX_VALUE);
      context.put(MOST, most(context));
    }
    context.next();
  }

  /** Counts a body that comes in chunks, and so does not say its length, while it is read. */
  @ServerRequestFilter
  void count(ContainerRequestContext request, RoutingContext context) {
    Long most = context.get(MOST);
    if (most != null && context.request().getHeader(HttpHeaders.CONTENT_LENGTH) == null) {
      request.setEntityStream(new CountedBody(request.getEntityStream(), most));
    }
  }

  private static Problem tooLarge(long most) {
    return Problem.of(ErrorCode.TOO_LARGE, CountedBody.tooLarge(most), List.of());
  }

  private long most(RoutingContext context) {
    HttpMethod method = context.request().method();
    String path = context.normalizedPath();
    boolean publishing =
        (HttpMethod.PUT.equals(method) && PUBLISHING.matcher(path).matches()) || isUpload(context);
    boolean calling = HttpMethod.POST.equals(method) && CALLING.matcher(path).matches();
    if (publishing) {
      return mostOfServlet;
    }
    if (calling) {
      return mostOfArguments;
    }
    return SIGNING_IN.matcher(path).matches()
        ? Math.min(mostOfOthers, MOST_OF_STRANGERS)
        : mostOfOthers;
  }

  private static boolean isUpload(RoutingContext context) {
    return HttpMethod.POST.equals(context.request().method())
        && UPLOADING.matcher(context.normalizedPath()).matches();
  }

  private static boolean isForm(RoutingContext context) {
    return HttpMethod.POST.equals(context.request().method())
        && FORMS.matcher(context.normalizedPath()).matches();
  }

  private static boolean isLonger(String length, long most) {
    try {
      return Long.parseLong(length.strip()) > most;
    } catch (NumberFormatException e) {
      // The server itself refuses a length that is no number.
      return false;
    }
  }

  /** A body of unknown length, read up to a limit. */
  private static final class CountedBody extends InputStream {
    private static final int CHUNK = 8192;

    private final InputStream body;
    private final long most;
    private long read;

    CountedBody(InputStream body, long most) {
      this.body = body;
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      int next = body.read();
      count(next < 0 ? 0 : 1);
      return next;
    }

    @Override
    public int read(byte[] to, int start, int length) throws IOException {
      int came = body.read(to, start, length);
      count(Math.max(came, 0));
      return came;
    }

    @Override
    public int available() throws IOException {
      return body.available();
    }

    // Closing the body itself would read the rest without counting it.
    @Override
    public void close() throws IOException {
      byte[] rest = new byte[CHUNK];
      int came = 0;
      while (came >= 0 && read <= most) {
        came = read(rest, 0, CHUNK);
      }
    }

    private void count(int came) {
      read += came;
      if (read > most) {
        throw new ApiException(
            ErrorCode.TOO_LARGE, tooLarge(most), List.of(), Map.of("Connection", "close"));
      }
    }

    static String tooLarge(long most) {
      return "A body may have " + most + " bytes at the most.";
    }
  }
}
