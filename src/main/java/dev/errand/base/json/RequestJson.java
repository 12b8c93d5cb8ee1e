package dev.errand.base.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.InvalidFields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what requests of the API contain into types. An error names all fields that are unknown, or
 * of the wrong type, and all names that an object has twice.
 */
final class RequestJson {
  /** How many bytes of JSON are read again at most to find further wrong fields. */
  private static final int MOST_READ_AGAIN = 1024 * 1024;

  private static final String A_TIME = "2027-01-31T12:00:00Z";
  private static final Map<String, String> EXAMPLES =
      Map.of(
          "timeout",
          "PT10M",
          "every",
          "PT15M",
          "jitter",
          "PT5M",
          "spread",
          "PT10M",
          "tolerance",
          "PT5M",
          "at",
          A_TIME,
          "start",
          A_TIME,
          "end",
          A_TIME,
          "expires_at",
          A_TIME);

  private final ObjectMapper mapper;

  RequestJson(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** JSON that was sent, which can be read several times. */
  @FunctionalInterface
  interface Sent {
    JsonParser open() throws IOException;
  }

  /**
   * The value in JSON that was sent; null where it is null there. A {@link PartialRequest} may lack
   * what is wrong, and keeps that.
   *
   * @throws ApiException that names what is wrong with it
   */
  @Nullable Object body(Sent sent, Type type) {
    JavaType wanted = mapper.constructType(type);
    try (JsonParser parser = sent.open()) {
      return mapper
          .readerFor(wanted)
          .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .readValue(parser);
    } catch (JsonProcessingException e) {
      return rest(sent, wanted, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A tree that was built from a request, as a value of a type.
   *
   * @param path the field that it has in the request; empty for the whole
   * @throws ApiException that names the fields which do not fit
   */
  <T> T value(JsonNode made, Class<T> type, String path) {
    InvalidFields wrong = new InvalidFields();
    T value = value(made, type, path, wrong);
    if (!wrong.isEmpty()) {
      checkRest(value, wrong);
    }
    return Objects.requireNonNull(value);
  }

  /**
   * The same without what does not fit; null where nothing is left that fits.
   *
   * @param wrong is told of each field that does not fit
   */
  <T> @Nullable T value(JsonNode made, Class<T> type, String path, InvalidFields wrong) {
    try {
      return mapper.treeToValue(made, type);
    } catch (JsonProcessingException e) {
      return type.cast(fit(made.deepCopy(), mapper.constructType(type), path, wrong));
    }
  }

  /** What was read of a request, which refuses itself; or else all that is wrong is refused. */
  private static void checkRest(@Nullable Object read, InvalidFields wrong) {
    if (read instanceof PartialRequest request) {
      request.keepUnread(wrong.together());
      return;
    }
    if (read instanceof CheckedRequest request) {
      wrong.add(request::check);
    }
    wrong.refuse();
  }

  private @Nullable Object rest(Sent sent, JavaType type, JsonProcessingException why) {
    InvalidFields wrong = new InvalidFields();
    try {
      try (JsonParser parser = sent.open()) {
        findTwice(parser, wrong);
      }
      JsonNode tree = tree(sent);
      if (!tree.isObject()) {
        throw noObject(tree);
      }
      Object read = fit(tree, type, "", wrong);
      if (wrong.isEmpty()) {
        throw new IllegalStateException("A body that was refused is valid the second time.", why);
      }
      checkRest(read, wrong);
      return read;
    } catch (InputCoercionException e) {
      // A number that no tree can hold.
      throw refusal(why, "");
    } catch (JsonProcessingException e) {
      throw malformed(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode tree(Sent sent) throws IOException {
    try (JsonParser parser = sent.open()) {
      return mapper.reader().readTree(parser);
    }
  }

  /** The error for another kind of JSON than an object. */
  static ApiException noObject(JsonNode sent) {
    return new ApiException(
        ErrorCode.MALFORMED_JSON, "The body must be a JSON object; " + kind(sent) + " came.");
  }

  private static ApiException malformed(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : " (line %s, column %s)"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    return new ApiException(ErrorCode.MALFORMED_JSON, "The body is not valid JSON" + where + ".");
  }

  /** Finds the names that an object has twice, which readers take for one or the other. */
  private static void findTwice(JsonParser parser, InvalidFields wrong) throws IOException {
    Deque<Set<String>> names = new ArrayDeque<>();
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      switch (token) {
        case START_OBJECT, START_ARRAY -> names.push(new HashSet<>());
        case END_OBJECT, END_ARRAY -> names.pop();
        case FIELD_NAME -> {
          if (!names.element().add(parser.currentName()) && !wrong.isFull()) {
            wrong.add(ApiException.invalid(path(parser), "is there twice: send it once"));
          }
        }
        default -> {}
      }
    }
  }

  private static String path(JsonParser parser) {
    StringBuilder path = new StringBuilder();
    JsonPointer at = parser.getParsingContext().pathAsPointer();
    for (; !at.matches(); at = at.tail()) {
      append(path, at.mayMatchElement() ? at.getMatchingIndex() : -1, at.getMatchingProperty());
    }
    return path.toString();
  }

  private static void append(StringBuilder path, int index, String name) {
    if (index >= 0) {
      path.append('[').append(index).append(']');
    } else {
      path.append(path.isEmpty() ? "" : ".").append(name);
    }
  }

  /** Takes what does not fit the type out of a tree, until the rest fits; null where none does. */
  private @Nullable Object fit(JsonNode tree, JavaType type, String path, InvalidFields wrong) {
    long size = size(tree);
    long left = MOST_READ_AGAIN;
    boolean goesOn = true;
    while (goesOn) {
      try {
        return mapper.treeToValue(tree, type);
      } catch (JsonProcessingException e) {
        wrong.add(refusal(e, path));
        left -= size;
        goesOn =
            left > 0
                && !wrong.isFull()
                && e instanceof JsonMappingException mapping
                && isTakenOut(tree, mapping.getPath());
      }
    }
    return null;
  }

  private static long size(JsonNode node) {
    long size = node.isTextual() ? node.textValue().length() : 1;
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      size += field.getKey().length();
    }
    for (JsonNode child : node) {
      size += size(child);
    }
    return size;
  }

  private static boolean isTakenOut(JsonNode tree, List<JsonMappingException.Reference> path) {
    JsonNode at = tree;
    for (int i = 0; i < path.size(); i++) {
      String name = path.get(i).getFieldName();
      int index = path.get(i).getIndex();
      JsonNode next = name == null ? at.get(index) : at.get(name);
      if (next == null || next.isNull()) {
        return false;
      }
      if (i == path.size() - 1) {
        if (at instanceof ObjectNode object) {
          object.remove(name);
        } else if (at instanceof ArrayNode list) {
          // The others keep their numbers.
          list.setNull(index);
        }
        return true;
      }
      at = next;
    }
    return false;
  }

  private static ApiException refusal(JsonProcessingException e, String path) {
    if (e.getCause() instanceof ApiException refusal) {
      return refusal;
    }
    if (!(e instanceof JsonMappingException mapping)) {
      return malformed(e);
    }
    String field = path(mapping, path);
    if (mapping instanceof UnrecognizedPropertyException unknown) {
      String known =
          unknown.getKnownPropertyIds() == null
              ? ""
              : unknown.getKnownPropertyIds().stream()
                  .map(String::valueOf)
                  .sorted()
                  .collect(Collectors.joining(", ", "; known fields: ", ""));
      return invalid(field, "is not a known field" + known);
    }
    if (mapping.getCause() instanceof InputCoercionException) {
      return invalid(field, "is a number out of range");
    }
    Class<?> target = mapping instanceof MismatchedInputException m ? m.getTargetType() : null;
    return invalid(
        field,
        "has the wrong type"
            + (target == null ? "" : "; wanted: " + named(target) + example(mapping, target)));
  }

  private static ApiException invalid(String field, String message) {
    return new ApiException(
        ErrorCode.INVALID_INPUT,
        field + " " + message + ".",
        List.of(new ApiException.FieldError(field, message)));
  }

  private static String path(JsonMappingException e, String before) {
    StringBuilder path = new StringBuilder(before);
    for (JsonMappingException.Reference step : e.getPath()) {
      append(path, step.getFieldName() == null ? step.getIndex() : -1, step.getFieldName());
    }
    return path.isEmpty() ? "body" : path.toString();
  }

  private static String named(Class<?> type) {
    if (type == String.class) {
      return "a string";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number";
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      return "a number";
    }
    boolean isList = Iterable.class.isAssignableFrom(type) && type != ObjectNode.class;
    return isList ? "a list" : "an object";
  }

  /** An example of a text where clients often send a number. */
  private static String example(JsonMappingException e, Class<?> target) {
    String name = e.getPath().isEmpty() ? null : e.getPath().getLast().getFieldName();
    String example = name == null ? null : EXAMPLES.get(name);
    return example == null || target != String.class ? "" : " such as \"" + example + "\"";
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case NULL -> "null";
      case OBJECT, POJO, BINARY, MISSING -> "something else";
    };
  }
}
