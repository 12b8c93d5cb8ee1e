package dev.errand.base.http;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.resteasy.reactive.server.handlers.ClassRoutingHandler;
import org.jboss.resteasy.reactive.server.handlers.RestInitialHandler.InitialMatch;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper.RequestMatch;
import org.jboss.resteasy.reactive.server.spi.ServerRestHandler;

/**
 * The methods with which an address exists that was not found with another. Quarkus REST tries one
 * resource class after another, and reports what the last of them lacks. Below the address of a
 * profile the last one lacks the address, so that the answer is 404 and not 405.
 */
final class OtherMethods {
  private static final String ROOT = "/";

  private OtherMethods() {}

  /** The methods with which an address exists; empty where there is no such address. */
  static Set<String> of(String path) {
    Set<String> methods = new TreeSet<>();
    RequestMapper<InitialMatch> classes =
        new RequestMapper<>(ResteasyReactiveRecorder.getCurrentDeployment().getClassMappers());
    RequestMatch<InitialMatch> match = classes.map(path);
    while (match != null) {
      add(match, methods);
      match = classes.continueMatching(path, match);
    }
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    return methods;
  }

  private static void add(RequestMatch<InitialMatch> match, Set<String> methods) {
    String remaining = match.remaining.isEmpty() ? ROOT : match.remaining;
    for (ServerRestHandler handler : match.value.handlers) {
      if (handler instanceof ClassRoutingHandler routes) {
        routes
            .getMappers()
            .forEach(
                (method, paths) -> {
                  if (method != null && paths.map(remaining) != null) {
                    methods.add(method);
                  }
                });
      }
    }
  }
}
