package dev.errand.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.errand.openapi.ApiDocument.Operation;
import dev.errand.support.Api;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Sends the requests that the document describes, and checks that what is answered is documented:
 * the status, the media type, the body by its schema, and the code of an error.
 */
final class ApiWalk {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern OF_CALLER = Pattern.compile("/(~|%7E)(?![A-Za-z0-9._-])");
  private static final String MISSING = "00000000-0000-0000-0000-000000000000";

  /** The last parameters of paths that have an answer whatever they are: a user, a time. */
  private static final Set<String> NAMES_NOTHING = Set.of("user", "at");

  private final ApiDocument document;
  private final SchemaCheck check;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, String> values =
      new HashMap<>(Map.of("user", "~", "profile", "default"));
  private final Set<String> seen = new TreeSet<>();
  private UnaryOperator<String> edit = body -> body;
  private final AuditCheck audit;

  /** A walk through a document that checks what the requests leave in the audit. */
  ApiWalk(ApiDocument document, AuditCheck audit) {
    this.document = document;
    this.check = new SchemaCheck(document);
    this.audit = audit;
  }

  /** What was answered. */
  record Answer(HttpResponse<byte[]> response, JsonNode body) {
    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  /** Sets a parameter of the path for the requests that follow. */
  ApiWalk at(String parameter, String value) {
    values.put(parameter, value);
    return this;
  }

  /** Edits the bodies of the requests that follow, which are the document's examples. */
  ApiWalk editing(UnaryOperator<String> bodies) {
    edit = bodies;
    return this;
  }

  /** Sends the documented example and expects this status. */
  Answer expect(int status, String id) {
    return expect(status, id, "", Map.of());
  }

  /** The same, with a query and header fields. */
  Answer expect(int status, String id, String query, Map<String, String> headers) {
    return expect(status, id, query, headers, example(document.operation(id)));
  }

  /** The same, with a body. */
  Answer expect(int status, String id, String query, Map<String, String> headers, byte[] body) {
    Operation operation = document.operation(id);
    if (!seen.contains(id)) {
      refusals(operation, body);
    }
    Map<String, String> all = new HashMap<>(headers);
    all.putIfAbsent("Authorization", "Bearer " + Api.SESSION);
    Answer answer = send(operation, address(operation, values) + query, all, body);
    verify(operation, status, answer);
    seen.add(id);
    return answer;
  }

  /** The answers that the document promises and that were not seen: operations and successes. */
  Set<String> unseen() {
    Set<String> unseen = new TreeSet<>();
    for (Operation operation : document.operations()) {
      for (Map.Entry<String, JsonNode> response : operation.node().path("responses").properties()) {
        if (response.getKey().compareTo("400") < 0) {
          unseen.add(operation.id() + " " + response.getKey());
        }
      }
      unseen.add(operation.id());
    }
    unseen.removeAll(seen);
    return unseen;
  }

  // Without a session, and of a profile or another thing that does not exist.
  private void refusals(Operation operation, byte[] body) {
    JsonNode security = operation.node().path("security");
    if (security.isMissingNode() || !security.isEmpty()) {
      verify(operation, 401, send(operation, address(operation, values), Map.of(), body));
    }
    List<String> path = document.parameters(operation, "path");
    List<String> absent = new ArrayList<>();
    boolean makesIt =
        operation.method().equals("PUT")
            || path.isEmpty()
            || (operation.method().equals("POST") && operation.path().endsWith("/{profile}"));
    if (path.contains("profile") && !(makesIt && path.getLast().equals("profile"))) {
      absent.add("profile");
    }
    if (!makesIt && !NAMES_NOTHING.contains(path.getLast())) {
      absent.add(path.getLast());
    }
    for (String parameter : absent) {
      Map<String, String> others = new HashMap<>(values);
      others.put(parameter, MISSING);
      verify(
          operation,
          404,
          send(
              operation,
              address(operation, others),
              Map.of("Authorization", "Bearer " + Api.SESSION),
              body));
    }
  }

  private void verify(Operation operation, int status, Answer answer) {
    audit.check(operation, answer.response().statusCode(), answer.header("X-Request-Id"));
    String what =
        operation + " answered " + answer.response().statusCode() + " " + answer.body() + "; ";
    if (answer.response().statusCode() != status) {
      throw new AssertionError(what + "expected was " + status);
    }
    JsonNode documented = document.response(operation, status);
    if (documented.isMissingNode()) {
      throw new AssertionError(what + "which is not documented");
    }
    seen.add(operation.id() + " " + status);
    checkAddresses(what, answer);
    JsonNode content = documented.path("content");
    String type = answer.header("Content-Type").replaceFirst(";.*", "");
    if (content.isMissingNode() ? answer.response().body().length > 0 : !content.has(type)) {
      throw new AssertionError(what + "as " + type + ", documented is " + content);
    }
    if (type.endsWith("json")) {
      List<String> problems = check.problems(content.path(type).path("schema"), answer.body());
      if (!problems.isEmpty()) {
        throw new AssertionError(what + problems);
      }
    }
    if (type.endsWith("problem+json")
        && !ApiDocumentTest.codes(documented).contains(answer.body().path("code").asText())) {
      throw new AssertionError(what + "a code that is not documented there");
    }
  }

  // Where the request names its user by `~`, an answer that did would lead others elsewhere. The
  // challenge to a client of MCP names the resource as the client does (RFC 9728), who is unknown.
  private static void checkAddresses(String what, Answer answer) {
    Map<String, List<String>> headers = new HashMap<>(answer.response().headers().map());
    headers.remove("www-authenticate");
    String text = headers + new String(answer.response().body(), StandardCharsets.UTF_8);
    if (OF_CALLER.matcher(text).find()) {
      throw new AssertionError(what + "an address with ~ in " + headers);
    }
  }

  private byte[] example(Operation operation) {
    for (JsonNode media : document.requestBody(operation).path("content")) {
      if (media.has("example")) {
        return edit.apply(media.path("example").toString()).getBytes(StandardCharsets.UTF_8);
      }
    }
    return new byte[0];
  }

  private String address(Operation operation, Map<String, String> parameters) {
    String path = operation.path();
    for (String name : document.parameters(operation, "path")) {
      String value = parameters.get(name);
      if (value == null) {
        throw new AssertionError("No value of " + name + " for " + operation);
      }
      String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
      path = path.replace("{" + name + "}", encoded.replace("+", "%20").replace("%7E", "~"));
    }
    return path;
  }

  private Answer send(
      Operation operation, String address, Map<String, String> headers, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + address))
            .method(operation.method(), HttpRequest.BodyPublishers.ofByteArray(body));
    headers.forEach(request::setHeader);
    document
        .requestBody(operation)
        .path("content")
        .properties()
        .forEach(
            media ->
                request.setHeader(
                    "Content-Type", media.getKey().replace("*/*", "application/json")));
    try {
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      boolean isJson =
          response.headers().firstValue("Content-Type").map(ApiWalk::isJson).orElse(false);
      return new Answer(
          response, isJson ? JSON.readTree(response.body()) : MissingNode.getInstance());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean isJson(String type) {
    return type.replaceFirst(";.*", "").endsWith("json");
  }
}
