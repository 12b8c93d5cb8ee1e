package dev.errand.openapi;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The routes of the service, as the annotations of its resources have them. */
final class Routes {
  private static final List<Class<? extends Annotation>> NO_BODY =
      List.of(RestPath.class, RestQuery.class, RestHeader.class, HeaderParam.class, Context.class);

  private Routes() {}

  /**
   * A route.
   *
   * @param http the HTTP method
   * @param path the template of its path, without regular expressions
   * @param method what answers it
   */
  record Route(String http, String path, Method method) {

    /** The names of its parameters of one kind: path, query or header. */
    List<String> parameters(String in) {
      return parameters()
          .map(
              parameter ->
                  switch (in) {
                    case "path" -> name(parameter, RestPath.class, RestPath::value);
                    case "query" -> name(parameter, RestQuery.class, RestQuery::value);
                    default -> header(parameter);
                  })
          .filter(Objects::nonNull)
          .toList();
    }

    // The components of a bean of parameters stand for it.
    private Stream<Parameter> parameters() {
      return Arrays.stream(method.getParameters())
          .flatMap(
              parameter ->
                  parameter.isAnnotationPresent(BeanParam.class)
                      ? Arrays.stream(parameter.getType().getDeclaredConstructors())
                          .flatMap(bean -> Arrays.stream(bean.getParameters()))
                      : Stream.of(parameter));
    }

    private static @Nullable String header(Parameter parameter) {
      String rest = name(parameter, RestHeader.class, RestHeader::value);
      return rest == null ? name(parameter, HeaderParam.class, HeaderParam::value) : rest;
    }

    /** What its body is read into; null where it reads none. */
    @Nullable Class<?> body() {
      return parameters()
          .filter(parameter -> NO_BODY.stream().noneMatch(parameter::isAnnotationPresent))
          .<Class<?>>map(Parameter::getType)
          .findFirst()
          .orElse(null);
    }

    private static <A extends Annotation> @Nullable String name(
        Parameter parameter, Class<A> type, Function<A, String> value) {
      A annotation = parameter.getAnnotation(type);
      if (annotation == null) {
        return null;
      }
      String name = value.apply(annotation);
      return name.isEmpty() ? parameter.getName() : name;
    }

    @Override
    public String toString() {
      return http + " " + path;
    }
  }

  /**
   * All of them, but for pages and what these refer to, the endpoints of OAuth, whose metadata
   * describes them, those that are hidden since they never succeed, and those that exist in
   * development alone.
   */
  static final List<Route> ALL =
      new ClassFileImporter()
              .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
              .importPackages("dev.errand")
              .stream()
              .filter(type -> type.isAnnotatedWith(Path.class))
              .filter(type -> !type.isAnnotatedWith(IfBuildProfile.class))
              .<Class<?>>map(type -> type.reflect())
              .flatMap(Routes::of)
              .filter(
                  route ->
                      !route.path().equals("/")
                          && Stream.of(
                                  "/sign-in",
                                  "/sign-out",
                                  "/set-up",
                                  "/start",
                                  "/channels/",
                                  "/console",
                                  "/docs",
                                  "/assets",
                                  "/oauth/",
                                  "/.well-known/")
                              .noneMatch(route.path()::startsWith))
              .toList();

  private static Stream<Route> of(Class<?> resource) {
    return Arrays.stream(resource.getDeclaredMethods())
        .filter(method -> !isHidden(method.getAnnotation(Operation.class)))
        .flatMap(
            method ->
                Arrays.stream(method.getAnnotations())
                    .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                    .filter(Objects::nonNull)
                    .map(http -> new Route(http.value(), path(resource, method), method)));
  }

  private static boolean isHidden(@Nullable Operation operation) {
    return operation != null && operation.hidden();
  }

  private static String path(Class<?> resource, Method method) {
    String path = resource.getAnnotation(Path.class).value();
    Path own = method.getAnnotation(Path.class);
    String whole = own == null ? path : (path.equals("/") ? "" : path) + "/" + own.value();
    return whole.replaceAll("\\{ *(\\w+) *:[^}]*}", "{$1}");
  }
}
