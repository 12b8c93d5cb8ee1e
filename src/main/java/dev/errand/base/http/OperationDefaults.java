package dev.errand.base.http;

import dev.errand.base.error.ErrorCode;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import io.smallrye.openapi.model.BaseModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.Constructible;
import org.eclipse.microprofile.openapi.models.Extensible;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.parameters.RequestBody;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.eclipse.microprofile.openapi.models.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.models.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Completes the operations of the API's document while the service is built, so that the files in
 * {@code META-INF/openapi} say only what is special about each. What an operation states itself
 * stays. Otherwise it has:
 *
 * <ul>
 *   <li>the tag that names the last of its path's segments that a tag names in {@code x-segments};
 *   <li>the scope {@code read} if it is a {@code GET}, {@code write} if not, by token or cookie;
 *   <li>a shared parameter for each variable of the path: the one that is called like the segment
 *       before ({@code triggers/{name}}: {@code Trigger}), or like the variable;
 *   <li>a body that is required, and parameters that are strings, in the path required ones;
 *   <li>the shared responses {@code InvalidRequest} and {@code Unauthenticated}, unless its {@code
 *       security} is empty;
 *   <li>if it needs a scope, {@code ScopeMissing} for a {@code GET}; for others {@code Forbidden}
 *       in a profile, and {@code ForbiddenScope} elsewhere;
 *   <li>the shared responses {@code …NotFound} and {@code …Gone} of the last parameter in the path
 *       that has one. A {@code PUT} that may answer 201 does not miss what it creates;
 *   <li>the header {@code Link} in its 200, if it has the parameter {@code Cursor};
 *   <li>if {@code x-tagged} says of the {@code GET} of its path that the answer is {@link Tagged}:
 *       the header {@code ETag} where it shows the thing; where it changes it, the parameters
 *       {@code IfMatch} and, of a {@code PUT} that may answer 201, {@code IfNoneMatch}, and the
 *       response {@code ChangedMeanwhile}.
 * </ul>
 *
 * <p>Bodies and responses can be written shorter:
 *
 * <ul>
 *   <li>{@code x-schema: Run} is JSON of that schema, {@code x-schema: [Run]} a list of it, and
 *       {@code x-example} its example;
 *   <li>an error without content has a problem document, of whose {@code x-example} only {@code
 *       code} and {@code detail} are needed.
 * </ul>
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class OperationDefaults implements OASFilter {
  private static final String NEXT_PAGE =
      "The address of the next page, as `<…>; rel=\"next\"`; absent on the last page.";

  /** The parts of operations, parameters, bodies and responses, as the document has them. */
  private static final List<String> ORDER =
      List.of(
          "tags",
          "operationId",
          "security",
          "summary",
          "name",
          "in",
          "required",
          "description",
          "deprecated",
          "parameters",
          "requestBody",
          "responses",
          "schema",
          "headers",
          "content",
          "example");

  private static final String EXAMPLE = "x-example";

  @Override
  public void filterOpenAPI(OpenAPI document) {
    Components shared = document.getComponents();
    shared.getParameters().values().forEach(OperationDefaults::completeParameter);
    shared.getResponses().values().forEach(OperationDefaults::completeError);
    Map<String, String> tags = tagsBySegment(document.getTags());
    if (document.getPaths() == null) {
      // A second build of the same jar, which finds the file alone and not the folder beside it.
      return;
    }
    document
        .getPaths()
        .getPathItems()
        .forEach(
            (template, item) -> {
              List<String> path = List.of(template.substring(1).split("/"));
              if (item.getGET() != null && take(item.getGET(), "x-tagged") != null) {
                item.getOperations().forEach(OperationDefaults::addTags);
              }
              item.getOperations()
                  .forEach(
                      (method, operation) -> {
                        if (operation.getTags() == null) {
                          operation.setTags(tag(path, tags));
                        }
                        complete(operation, method, path, shared);
                      });
            });
  }

  private static void addTags(HttpMethod method, Operation operation) {
    APIResponses responses = operation.getResponses();
    Stream.of("200", "201")
        .filter(status -> method != HttpMethod.POST || status.equals("201"))
        .filter(status -> method != HttpMethod.DELETE)
        .filter(responses::hasAPIResponse)
        .forEach(
            status ->
                responses
                    .getAPIResponse(status)
                    .addHeader("ETag", OASFactory.createHeader().ref("ETag")));
    if (method == HttpMethod.PUT || method == HttpMethod.PATCH || method == HttpMethod.DELETE) {
      operation.addParameter(OASFactory.createParameter().ref("IfMatch"));
      if (responses.hasAPIResponse("201")) {
        operation.addParameter(OASFactory.createParameter().ref("IfNoneMatch"));
      }
      responses.addAPIResponse("412", response("ChangedMeanwhile"));
    }
  }

  private static Map<String, String> tagsBySegment(List<Tag> tags) {
    Map<String, String> names = new HashMap<>();
    for (Tag tag : tags) {
      if (take(tag, "x-segments") instanceof List<?> segments) {
        segments.forEach(segment -> names.put(segment.toString(), tag.getName()));
      }
    }
    return names;
  }

  private static List<String> tag(List<String> path, Map<String, String> tags) {
    return path.reversed().stream().filter(tags::containsKey).map(tags::get).limit(1).toList();
  }

  private static void complete(
      Operation operation, HttpMethod method, List<String> path, Components shared) {
    if (operation.getSecurity() == null) {
      String scope = method == HttpMethod.GET ? "read" : "write";
      operation.setSecurity(List.of(way("session", scope), way("cookie", scope)));
    }
    completeParameters(operation, inPath(path, shared), shared);
    if (operation.getRequestBody() != null) {
      completeBody(operation.getRequestBody());
    }
    Map<String, APIResponse> stated = operation.getResponses().getAPIResponses();
    Map<String, APIResponse> all = new TreeMap<>(errors(operation, method, path, shared));
    all.putAll(stated);
    operation.getResponses().setAPIResponses(all);
    stated.forEach(OperationDefaults::completeResponse);
    putInOrder(operation);
  }

  private static SecurityRequirement way(String scheme, String scope) {
    return OASFactory.createSecurityRequirement().addScheme(scheme, scope);
  }

  /** The names of the shared parameters that the path has. */
  private static List<String> inPath(List<String> path, Components shared) {
    List<String> names = new ArrayList<>();
    String before = "";
    for (String segment : path) {
      if (segment.startsWith("{")) {
        String variable = segment.substring(1, segment.length() - 1);
        Stream.of(before.replaceFirst("s$", ""), variable)
            .filter(word -> !word.isEmpty())
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .filter(shared.getParameters()::containsKey)
            .filter(name -> variable.equals(variable(name, shared)))
            .findFirst()
            .ifPresent(names::add);
      } else {
        before = segment;
      }
    }
    return names;
  }

  private static String variable(String parameter, Components shared) {
    return Objects.requireNonNull(shared.getParameters().get(parameter)).getName();
  }

  private static void completeParameters(
      Operation operation, List<String> inPath, Components shared) {
    List<Parameter> stated = Objects.requireNonNullElse(operation.getParameters(), List.of());
    Set<String> own = stated.stream().map(Parameter::getName).collect(Collectors.toSet());
    Stream<Parameter> others =
        inPath.stream()
            .filter(name -> !own.contains(variable(name, shared)))
            .map(name -> OASFactory.createParameter().ref(name));
    List<Parameter> all = Stream.concat(others, stated.stream()).distinct().toList();
    if (!all.isEmpty()) {
      operation.setParameters(all);
    }
    stated.forEach(OperationDefaults::completeParameter);
    if (stated.contains(OASFactory.createParameter().ref("Cursor"))) {
      addLink(operation.getResponses().getAPIResponse("200"));
    }
  }

  private static void completeParameter(Parameter parameter) {
    if (parameter.getRef() != null) {
      return;
    }
    if (parameter.getIn() == Parameter.In.PATH) {
      parameter.setRequired(true);
    }
    if (parameter.getSchema() == null) {
      parameter.setSchema(OASFactory.createSchema().addType(SchemaType.STRING));
    }
    putInOrder(parameter);
  }

  private static void addLink(APIResponse response) {
    if (response.getHeaders() == null) {
      Schema text = OASFactory.createSchema().addType(SchemaType.STRING);
      response.addHeader("Link", OASFactory.createHeader().description(NEXT_PAGE).schema(text));
    }
  }

  private static void completeBody(RequestBody body) {
    // The reader of files passes the setter by, without which the getter shows nothing.
    Object isRequired = ((BaseModel<?>) body).getAllProperties().get("required");
    body.setRequired(!Boolean.FALSE.equals(isRequired));
    Content content = content(body);
    if (content != null) {
      body.setContent(content);
    }
    putInOrder(body);
  }

  private static Map<String, APIResponse> errors(
      Operation operation, HttpMethod method, List<String> path, Components shared) {
    List<String> inPath = inPath(path, shared);
    List<SecurityRequirement> security = operation.getSecurity();
    Map<String, APIResponse> errors = new HashMap<>();
    if (!security.isEmpty()) {
      errors.put("400", response("InvalidRequest"));
      errors.put("401", response("Unauthenticated"));
    }
    if (security.stream().anyMatch(OperationDefaults::namesScopes)) {
      String forbidden = inPath.contains("Profile") ? "Forbidden" : "ForbiddenScope";
      errors.put("403", response(method == HttpMethod.GET ? "ScopeMissing" : forbidden));
    }
    boolean creates = method == HttpMethod.PUT && operation.getResponses().hasAPIResponse("201");
    List<String> needed = creates ? inPath(path.subList(0, path.size() - 1), shared) : inPath;
    ofLast(needed, "NotFound", shared).ifPresent(name -> errors.put("404", response(name)));
    ofLast(inPath, "Gone", shared).ifPresent(name -> errors.put("410", response(name)));
    return errors;
  }

  private static boolean namesScopes(SecurityRequirement way) {
    return way.getSchemes().values().stream().anyMatch(scopes -> !scopes.isEmpty());
  }

  private static Optional<String> ofLast(List<String> names, String kind, Components shared) {
    return names.reversed().stream()
        .map(name -> name + kind)
        .filter(shared.getResponses()::containsKey)
        .findFirst();
  }

  private static APIResponse response(String shared) {
    return OASFactory.createAPIResponse().ref(shared);
  }

  private static void completeResponse(String status, APIResponse response) {
    if (status.compareTo("400") >= 0) {
      completeError(response);
      return;
    }
    Content content = content(response);
    if (content != null) {
      response.setContent(content);
    }
    putInOrder(response);
  }

  private static void completeError(APIResponse response) {
    if (response.getRef() == null && response.getContent() == null) {
      Object example = take(response, EXAMPLE);
      response.setContent(
          content(
              Problem.MEDIA_TYPE,
              schema("Problem"),
              example instanceof Map<?, ?> stated ? problem(stated) : null));
    }
  }

  private static Map<String, Object> problem(Map<?, ?> stated) {
    String name = String.valueOf(stated.get("code"));
    ErrorCode code = ErrorCode.valueOf(name.toUpperCase(Locale.ROOT));
    Problem problem = Problem.of(code, String.valueOf(stated.get("detail")), List.of());
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("type", problem.type());
    whole.put("title", problem.title());
    whole.put("status", problem.status());
    whole.put("detail", problem.detail());
    whole.put("code", problem.code());
    stated.forEach((field, value) -> whole.putIfAbsent(field.toString(), value));
    return whole;
  }

  private static @Nullable Content content(Extensible<?> written) {
    Object schema = take(written, "x-schema");
    Object example = take(written, EXAMPLE);
    return schema == null ? null : content("application/json", schema(schema), example);
  }

  private static Content content(String type, Schema schema, @Nullable Object example) {
    return OASFactory.createContent()
        .addMediaType(type, OASFactory.createMediaType().schema(schema).example(example));
  }

  private static Schema schema(Object written) {
    return written instanceof List<?> list
        ? OASFactory.createSchema().addType(SchemaType.ARRAY).items(schema(list.getFirst()))
        : OASFactory.createSchema().ref(written.toString());
  }

  private static @Nullable Object take(Extensible<?> from, String name) {
    Object value = from.getExtension(name);
    from.removeExtension(name);
    return value;
  }

  private static void putInOrder(Constructible model) {
    BaseModel<?> parts = (BaseModel<?>) model;
    Map<String, Object> ordered = new LinkedHashMap<>();
    ORDER.forEach(name -> ordered.put(name, parts.getAllProperties().get(name)));
    parts.getAllProperties().forEach(ordered::putIfAbsent);
    parts.setAllProperties(ordered);
  }
}
