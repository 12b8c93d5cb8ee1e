package dev.errand.base.http;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Refuses bodies that are packed, which would be read as if they were not. */
class BodyEncodings {
  private static final String AS_IT_IS = "identity";

  @ServerRequestFilter
  void check(ContainerRequestContext request) {
    @Nullable List<String> encodings = request.getHeaders().get(HttpHeaders.CONTENT_ENCODING);
    if (encodings != null && !encodings.stream().allMatch(BodyEncodings::isTaken)) {
      throw new ApiException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "Send the body as it is: no Content-Encoding is taken but identity.",
          List.of(),
          Map.of(HttpHeaders.ACCEPT_ENCODING, AS_IT_IS));
    }
  }

  private static boolean isTaken(String encoding) {
    return encoding.isBlank() || encoding.strip().equalsIgnoreCase(AS_IT_IS);
  }
}
