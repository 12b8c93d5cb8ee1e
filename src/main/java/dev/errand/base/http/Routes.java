package dev.errand.base.http;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.MediaType;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jboss.resteasy.reactive.common.util.ServerMediaType;
import org.jboss.resteasy.reactive.server.handlers.ClassRoutingHandler;
import org.jboss.resteasy.reactive.server.handlers.RestInitialHandler.InitialMatch;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper.RequestMatch;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.spi.ServerRestHandler;

/**
 * What exists at an address, of all resource classes. Quarkus REST tries one class after another,
 * and reports what the last of them lacks: below the address of a profile the last one lacks the
 * address, so that the answer to another method is 404 and not 405. To {@code OPTIONS} it answers
 * with the methods of the first class, whichever their addresses are.
 */
final class Routes {
  private static final String ROOT = "/";

  private Routes() {}

  /** The methods with which an address exists; empty where there is no such address. */
  static Set<String> methods(String path) {
    Set<String> methods = new TreeSet<>();
    each(path, (method, resource) -> methods.add(method));
    if (methods.contains(HttpMethod.GET)) {
      methods.add(HttpMethod.HEAD);
    }
    if (!methods.isEmpty()) {
      methods.add(HttpMethod.OPTIONS);
    }
    return methods;
  }

  /** The media types of the answers of an address; empty where they are not known. */
  static Set<String> mediaTypes(String method, String path) {
    String wanted = method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method;
    Set<String> types = new TreeSet<>();
    each(
        path,
        (known, resource) -> {
          ServerMediaType produced = resource.getProduces();
          if (known.equals(wanted) && produced != null) {
            for (MediaType type : produced.getSortedOriginalMediaTypes()) {
              types.add(type.getType() + "/" + type.getSubtype());
            }
          }
        });
    return types;
  }

  private static void each(String path, BiConsumer<String, RuntimeResource> reader) {
    RequestMapper<InitialMatch> classes =
        new RequestMapper<>(ResteasyReactiveRecorder.getCurrentDeployment().getClassMappers());
    RequestMatch<InitialMatch> match = classes.map(path);
    while (match != null) {
      each(match, reader);
      match = classes.continueMatching(path, match);
    }
  }

  private static void each(
      RequestMatch<InitialMatch> match, BiConsumer<String, RuntimeResource> reader) {
    String remaining = match.remaining.isEmpty() ? ROOT : match.remaining;
    for (ServerRestHandler handler : match.value.handlers) {
      if (handler instanceof ClassRoutingHandler routes) {
        routes
            .getMappers()
            .forEach(
                (method, paths) -> {
                  RequestMatch<RuntimeResource> found =
                      method == null ? null : paths.map(remaining);
                  if (found != null) {
                    reader.accept(method, found.value);
                  }
                });
      }
    }
  }
}
