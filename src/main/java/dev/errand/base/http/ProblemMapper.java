package dev.errand.base.http;

import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.Outage;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.RetryDelay;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.http.HttpClosedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.common.providers.serialisers.MapAsFormUrlEncodedProvider;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.handlers.FormBodyHandler;

/** Maps exceptions to problem documents. */
class ProblemMapper {
  private static final Duration OUTAGE_WAIT = Duration.ofSeconds(5);

  /** The statuses of answers about the body of a request, or its media type. */
  private static final Set<Integer> OF_INPUT =
      Set.of(ErrorCode.INVALID_INPUT.status(), ErrorCode.UNSUPPORTED_MEDIA_TYPE.status());

  private static final Pattern SERVLET = Pattern.compile("/?api/servlets/[^/]+/[^/]+");

  /**
   * Foreign keys that name a user, a profile, a task or a token. Another request may delete these
   * at any time; a row that breaks any other key is a defect.
   */
  static final Pattern DELETED_AT_ANY_TIME =
      Pattern.compile(
          "\\w+_(?:account|profile|task)_id_fkey|(?:task|token)_made_by_fkey"
              + "|mcp_credential_connected_by_fkey");

  private static final int NEAR = 12;

  /** What reads forms, and fails by exceptions of no type of their own. */
  private static final Set<String> FORM_READERS =
      Set.of(FormBodyHandler.class.getName(), MapAsFormUrlEncodedProvider.class.getName());

  private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

  private final RequestRight right;

  ProblemMapper(RequestRight right) {
    this.right = right;
  }

  @ServerExceptionMapper
  RestResponse<Problem> api(ApiException e, ContainerRequestContext request) {
    return answer(Problem.of(e), e.headers(), request);
  }

  @ServerExceptionMapper
  Uni<RestResponse<Problem>> web(WebApplicationException e, ContainerRequestContext request) {
    Uni<RestResponse<Problem>> answer = Uni.createFrom().item(() -> answer(e, request));
    // A media type is refused on an event loop, on which nothing may wait for the database.
    return Context.isOnEventLoopThread() && OF_INPUT.contains(e.getResponse().getStatus())
        ? answer.runSubscriptionOn(Infrastructure.getDefaultExecutor())
        : answer;
  }

  private RestResponse<Problem> answer(WebApplicationException e, ContainerRequestContext request) {
    int status = e.getResponse().getStatus();
    if (e instanceof NotFoundException || status == ErrorCode.METHOD_NOT_ALLOWED.status()) {
      Set<String> methods = Routes.methods(request.getUriInfo().getPath());
      if (!methods.isEmpty()) {
        return answer(
            ofStatus(ErrorCode.METHOD_NOT_ALLOWED.status()),
            Map.of(HttpHeaders.ALLOW, String.join(", ", methods)),
            request);
      }
    }
    Problem problem =
        switch (status) {
          case 406 -> Problem.of(ErrorCode.NOT_ACCEPTABLE, produced(request), List.of());
          case 415 -> Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, accepted(request), List.of());
          default -> ofStatus(status);
        };
    return answer(problem, Map.of(), request);
  }

  @ServerExceptionMapper
  RestResponse<Problem> other(Throwable e) {
    if (Outage.isPassing(e)) {
      String what =
          Outage.isBehind(e)
              ? "The database can't be reached"
              : "The database had no time for this";
      LOG.warnf("%s: %s", what, e.getMessage());
      return answer(
          Problem.of(ErrorCode.UNAVAILABLE, what + ": try again.", List.of()),
          RetryDelay.header(OUTAGE_WAIT));
    }
    Optional<String> key = DatabaseException.violatedForeignKey(e);
    if (key.isPresent() && DELETED_AT_ANY_TIME.matcher(key.get()).matches()) {
      LOG.infof("What a request refers to was deleted meanwhile: %s", key.get());
      return answer(
          Problem.of(
              ErrorCode.NOT_FOUND,
              "What this refers to was deleted at the same time: check whether it still exists.",
              List.of()),
          Map.of());
    }
    if (DatabaseException.isOfDeletedRow(e)) {
      LOG.infof("What a request is about was deleted meanwhile: %s", e.getMessage());
      return answer(
          Problem.of(
              ErrorCode.NOT_FOUND, "This was deleted at the same time, and is gone.", List.of()),
          Map.of());
    }
    if (isBrokenOff(e)) {
      LOG.debugf("A request was broken off: %s", e.getMessage());
      return answer(
          Problem.of(
              ErrorCode.INVALID_INPUT, "The request was broken off: send it again.", List.of()),
          Map.of());
    }
    if (isUnreadableForm(e)) {
      LOG.debugf("A form could not be read: %s", e.getMessage());
      return answer(
          Problem.of(
              ErrorCode.INVALID_INPUT,
              "The form can't be read: send 1,000 fields at the most, and after each % two"
                  + " hexadecimal digits.",
              List.of()),
          Map.of());
    }
    // The incident id links the answer to the log entry without revealing its content.
    String incident = UUID.randomUUID().toString();
    LOG.errorf(e, "Incident %s", incident);
    return answer(
        Problem.of(
            ErrorCode.INTERNAL,
            "An internal error occurred. The server's log has the details under incident "
                + incident
                + ".",
            List.of()),
        Map.of());
  }

  // The client closed the connection before the body was read.
  private static boolean isBrokenOff(Throwable e) {
    Throwable cause = e;
    while (cause instanceof IOException
        && !(cause instanceof ClosedChannelException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof ClosedChannelException || cause instanceof HttpClosedException;
  }

  // The server says by the place alone that it could not read a form.
  private static boolean isUnreadableForm(Throwable e) {
    return Stream.of(e.getStackTrace())
        .limit(NEAR)
        .anyMatch(frame -> FORM_READERS.contains(frame.getClassName()));
  }

  /** What the body of a request may be, which its operation refused for its type. */
  private static String accepted(ContainerRequestContext request) {
    String path = request.getUriInfo().getPath();
    if (request.getMethod().equals("PUT") && SERVLET.matcher(path).matches()) {
      return "Send the servlet as `Content-Type: application/wasm` or `application/octet-stream`:"
          + " with curl -H 'Content-Type: application/wasm' --data-binary @file.wasm, since -d"
          + " changes the bytes.";
    }
    if (OAuthError.isFormAt(path)) {
      return "Send the form as `Content-Type: application/x-www-form-urlencoded`.";
    }
    return request.getMethod().equals("PATCH") && path.contains("/tasks/")
        ? "Send the body as `Content-Type: application/json` or `application/merge-patch+json`."
        : "Send the body as `Content-Type: application/json`.";
  }

  /** What the answers of an address are, none of which the request accepts. */
  private static String produced(ContainerRequestContext request) {
    Set<String> types = Routes.mediaTypes(request.getMethod(), request.getUriInfo().getPath());
    return types.isEmpty()
        ? "No answer of this address has a type that the header field Accept names: the document of"
            + " the API names those that it has."
        : "Accept what answers here are: " + String.join(", ", types) + ".";
  }

  private static Problem ofStatus(int status) {
    return switch (status) {
      case 400 ->
          Problem.of(ErrorCode.INVALID_INPUT, "The request can't be understood.", List.of());
      case 401 -> Problem.of(ErrorCode.UNAUTHENTICATED, "Send a session.", List.of());
      case 403 -> Problem.of(ErrorCode.FORBIDDEN, "This is not allowed.", List.of());
      case 404 -> Problem.of(ErrorCode.NOT_FOUND, "There is nothing at this address.", List.of());
      case 405 ->
          Problem.of(
              ErrorCode.METHOD_NOT_ALLOWED,
              "This address exists, but not with this method: the header field Allow names those"
                  + " that it has.",
              List.of());
      case 413 -> Problem.of(ErrorCode.TOO_LARGE, "The body is too large.", List.of());
      default -> {
        Problem internal =
            Problem.of(
                ErrorCode.INTERNAL, "The request ended with status " + status + ".", List.of());
        yield new Problem(
            internal.type(),
            internal.title(),
            status,
            internal.detail(),
            internal.code(),
            internal.errors());
      }
    };
  }

  /** The answer; who lacks the right learns this rather than what is wrong with the input. */
  private RestResponse<Problem> answer(
      Problem problem, Map<String, String> headers, ContainerRequestContext request) {
    if (OF_INPUT.contains(problem.status())) {
      try {
        right.check(request);
      } catch (ApiException refusal) {
        return answer(Problem.of(refusal), refusal.headers());
      } catch (RuntimeException e) {
        return other(e);
      }
    }
    return answer(problem, headers);
  }

  private static RestResponse<Problem> answer(Problem problem, Map<String, String> headers) {
    RestResponse.ResponseBuilder<Problem> builder =
        RestResponse.ResponseBuilder.<Problem>create(problem.status())
            .entity(problem)
            .type(Problem.MEDIA_TYPE);
    headers.forEach(builder::header);
    return builder.build();
  }
}
