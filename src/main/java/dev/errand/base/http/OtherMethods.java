package dev.errand.base.http;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import java.util.Arrays;
import org.jboss.resteasy.reactive.server.handlers.ClassRoutingHandler;
import org.jboss.resteasy.reactive.server.handlers.RestInitialHandler.InitialMatch;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper.RequestMatch;

/**
 * Whether an address that was not found exists with other methods. Quarkus REST tries one resource
 * class after another, and reports what the last of them lacks. Below the address of a profile the
 * last one lacks the address, so that the answer is 404 and not 405.
 */
final class OtherMethods {
  private static final String ROOT = "/";

  private OtherMethods() {}

  /** Whether there is such an address. */
  static boolean know(String path) {
    RequestMapper<InitialMatch> classes =
        new RequestMapper<>(ResteasyReactiveRecorder.getCurrentDeployment().getClassMappers());
    RequestMatch<InitialMatch> match = classes.map(path);
    while (match != null) {
      if (hasMethod(match)) {
        return true;
      }
      match = classes.continueMatching(path, match);
    }
    return false;
  }

  private static boolean hasMethod(RequestMatch<InitialMatch> match) {
    String remaining = match.remaining.isEmpty() ? ROOT : match.remaining;
    return Arrays.stream(match.value.handlers)
        .filter(ClassRoutingHandler.class::isInstance)
        .map(ClassRoutingHandler.class::cast)
        .flatMap(methods -> methods.getMappers().values().stream())
        .anyMatch(method -> method.map(remaining) != null);
  }
}
