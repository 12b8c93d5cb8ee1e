package dev.errand.base.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.error.SpellingSuggestion;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jspecify.annotations.Nullable;

/**
 * Refuses query parameters that an operation of the API does not have, that are empty or that are
 * there twice, since a misspelt or empty filter would select everything. Which it has, the packaged
 * document of the API says, which is read at the first request with a query; tests compare it with
 * the resources. Addresses of older clients, and all outside of {@code /api}, ignore unknown
 * parameters.
 */
@ApplicationScoped
class QueryParameters {
  private static final String API = "/api/";
  private static final String OF_OLDER_CLIENTS = "Older clients";
  private static final int BEFORE_OPERATION = Priorities.USER;

  /** The parameters that are free text, which may be empty. */
  private static final Set<String> TEXTS =
      Set.of("q", "text", "description", "domains", "config", "address");

  /** The parameters that take several values, and their operations. */
  private static final Map<String, Set<String>> LISTS =
      Map.of(
          "status",
          Set.of("GET /api/profiles/{}/{}/runs", "GET /api/profiles/{}/{}/tasks/{}/runs"));

  private static final Pattern VARIABLE = Pattern.compile("\\{[^/]*}");

  private final ObjectReader json;
  // Of the current request.
  private final QueryErrors errors;
  private volatile @Nullable Map<String, Set<String>> byOperation;

  QueryParameters(ObjectMapper json, QueryErrors errors) {
    // It reads parts of the document.
    this.json = json.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    this.errors = errors;
  }

  @ServerRequestFilter(priority = BEFORE_OPERATION - 1)
  @ReadsQuery
  void leaveToOperation() {
    errors.leaveToOperation();
  }

  @ServerRequestFilter(priority = BEFORE_OPERATION)
  void check(UriInfo uri) {
    if (!uri.getPath().startsWith(API) || uri.getQueryParameters().isEmpty()) {
      return;
    }
    RuntimeResource resource = CurrentRequestManager.get().getTarget();
    String operation =
        operation(
            resource.getHttpMethod(),
            resource.getClassPath().template + "/" + resource.getPath().template);
    Set<String> known = operations().get(operation);
    if (known == null) {
      return;
    }
    InvalidFields wrong = errors.collected();
    uri.getQueryParameters()
        .forEach(
            (name, values) -> {
              if (!known.contains(name)) {
                wrong.add(unknown(name, known));
              } else if (values.size() > 1
                  && !LISTS.getOrDefault(name, Set.of()).contains(operation)) {
                wrong.add(ApiException.invalid(name, "is there twice: send it once"));
              } else if (!TEXTS.contains(name)
                  && values.stream().anyMatch(QueryParameters::isEmpty)) {
                wrong.add(
                    ApiException.invalid(
                        name, "is empty: leave the parameter out, or give it a value"));
              }
            });
    if (!errors.areLeftToOperation()) {
      wrong.refuse();
    }
  }

  // A list of nothing is empty too.
  private static boolean isEmpty(String value) {
    return value.replace(',', ' ').isBlank();
  }

  private static ApiException unknown(String name, Set<String> known) {
    return ApiException.invalid(
        name,
        known.isEmpty()
            ? "is not a known parameter: this address has none"
            : "is not a known parameter"
                + SpellingSuggestion.of(name, known)
                    .map(likely -> ": did you mean " + likely + "?")
                    .orElse(";")
                + " known parameters: "
                + String.join(", ", known));
  }

  private Map<String, Set<String>> operations() {
    Map<String, Set<String>> known = byOperation;
    if (known == null) {
      try (InputStream document = OpenApiResource.open();
          JsonParser parser = json.createParser(document)) {
        known = read(parser);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      byOperation = known;
    }
    return known;
  }

  // Examples and schemas, most of the document, are skipped and not kept.
  private Map<String, Set<String>> read(JsonParser parser) throws IOException {
    Map<String, Map<String, JsonNode>> parameters = new HashMap<>();
    Map<String, JsonNode> shared = new HashMap<>();
    parser.nextToken();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String part = parser.currentName();
      parser.nextToken();
      switch (part) {
        case "paths" -> {
          while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String path = parser.currentName();
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
              String method = parser.currentName();
              parser.nextToken();
              parameters.put(operation(method, path), fields(parser, Set.of("tags", "parameters")));
            }
          }
        }
        case "components" ->
            fields(parser, Set.of("parameters"))
                .values()
                .forEach(
                    all -> all.properties().forEach(p -> shared.put(p.getKey(), p.getValue())));
        default -> parser.skipChildren();
      }
    }
    Map<String, Set<String>> names = new HashMap<>();
    parameters.forEach(
        (operation, fields) -> {
          if (!has(fields.get("tags"), OF_OLDER_CLIENTS)) {
            names.put(operation, queried(fields.get("parameters"), shared));
          }
        });
    return names;
  }

  private Map<String, JsonNode> fields(JsonParser parser, Set<String> wanted) throws IOException {
    Map<String, JsonNode> fields = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (wanted.contains(name)) {
        fields.put(name, json.readTree(parser));
      } else {
        parser.skipChildren();
      }
    }
    return fields;
  }

  private static boolean has(@Nullable JsonNode list, String text) {
    for (JsonNode each : list == null ? List.<JsonNode>of() : list) {
      if (each.asText().equals(text)) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> queried(@Nullable JsonNode parameters, Map<String, JsonNode> shared) {
    Set<String> names = new TreeSet<>();
    for (JsonNode each : parameters == null ? List.<JsonNode>of() : parameters) {
      String reference = each.path("$ref").asText();
      JsonNode parameter =
          shared.getOrDefault(reference.substring(reference.lastIndexOf('/') + 1), each);
      if (parameter.path("in").asText().equals("query")) {
        names.add(parameter.path("name").asText());
      }
    }
    return names;
  }

  /** An operation, however its path names its variables. */
  private static String operation(String method, String path) {
    return method.toUpperCase(Locale.ROOT)
        + " "
        + VARIABLE.matcher(path.replaceAll("/{2,}", "/").replaceAll("/$", "")).replaceAll("{}");
  }
}
