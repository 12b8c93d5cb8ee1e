package dev.errand.base.json;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON with the application's mapper, without checked exceptions.
 *
 * <p>What the service wrote itself is read by {@link #read} and {@link #tree}, which fail when it
 * is damaged. What others sent is read by {@link #parse}. An error never quotes what was read or
 * written, since that may be a secret.
 */
@Singleton
public class Json {
  private final ObjectMapper mapper;
  private final RequestJson requests;

  public Json(ObjectMapper mapper) {
    this.mapper = mapper;
    this.requests = new RequestJson(mapper);
  }

  public ObjectNode object() {
    return mapper.createObjectNode();
  }

  public ArrayNode array() {
    return mapper.createArrayNode();
  }

  /** Sets a field to a value of any type; null leaves it out. */
  public static void setIfGiven(ObjectNode object, String field, @Nullable Object value) {
    if (value != null) {
      object.putPOJO(field, value);
    }
  }

  public String write(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw unwritten(value, e);
    }
  }

  /** A value as JSON, in UTF-8. */
  public byte[] bytes(Object value) {
    try {
      return mapper.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw unwritten(value, e);
    }
  }

  public JsonNode toTree(Object value) {
    return mapper.valueToTree(value);
  }

  /**
   * Reads what the service wrote.
   *
   * @throws IllegalStateException when it is not JSON of that type
   */
  public <T> T read(String written, Class<T> type) {
    try {
      return mapper.readValue(written, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "Stored JSON can't be read as " + type.getSimpleName() + at(e));
    }
  }

  /**
   * Reads what the service wrote, as a tree.
   *
   * @throws IllegalStateException when it is not JSON
   */
  public JsonNode tree(String written) {
    try {
      return mapper.readTree(written);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Stored JSON can't be read" + at(e));
    }
  }

  /** Whether two texts that the service wrote have the same values, in whatever order of names. */
  public boolean areSame(String one, String other) {
    return one.equals(other) || tree(one).equals(tree(other));
  }

  /** Reads JSON from outside; empty when it is not JSON. */
  public Optional<JsonNode> parse(String foreign) {
    try {
      return Optional.of(mapper.readTree(foreign));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Reads JSON from outside, in UTF-8; empty when it is not JSON. */
  public Optional<JsonNode> parse(byte[] foreign) {
    try {
      return Optional.of(mapper.readTree(foreign));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads JSON from outside that is passed on as it came; empty when it is not JSON, or when an
   * object has a name twice, of which other readers may choose another one.
   */
  public Optional<JsonNode> parseStrictly(String foreign) {
    try {
      return Optional.of(
              mapper
                  .reader()
                  .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                  .readTree(foreign))
          .filter(read -> !read.isMissingNode());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Converts a tree from outside to a value of a type; empty when it does not fit the type. */
  public <T> Optional<T> convert(JsonNode foreign, Class<T> type) {
    try {
      return Optional.of(mapper.treeToValue(foreign, type));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /**
   * The body of a request, in UTF-8; null where it is empty, or is null in JSON.
   *
   * @throws ApiException that names all fields which are unknown, have the wrong type, or are there
   *     twice
   */
  public @Nullable Object body(byte[] sent, Type type) {
    return isBlank(sent) ? null : requests.body(() -> mapper.createParser(sent), type);
  }

  /**
   * The body of a request, which is an object; null where it is empty, or is null in JSON, which
   * generated clients send for a body that is left out.
   *
   * @throws ApiException as {@link #body(byte[], Type)} does
   */
  public @Nullable ObjectNode body(String sent) {
    if (sent.isBlank()) {
      return null;
    }
    Object body = requests.body(() -> mapper.createParser(sent), ObjectNode.class);
    return body instanceof ObjectNode object ? object : null;
  }

  private static boolean isBlank(byte[] sent) {
    for (byte each : sent) {
      if (each != ' ' && each != '\n' && each != '\r' && each != '\t') {
        return false;
      }
    }
    return true;
  }

  /**
   * Converts a tree that was built from a request to a value of a type.
   *
   * @throws ApiException that names all fields which do not fit
   */
  public <T> T request(JsonNode made, Class<T> type) {
    return requests.value(made, type, "");
  }

  /**
   * The same for a field of a request, which an error names.
   *
   * @throws ApiException that names all fields which do not fit
   */
  public <T> T request(JsonNode made, Class<T> type, String field) {
    return requests.value(made, type, field);
  }

  /**
   * The same without the fields that do not fit; null where nothing is left that fits.
   *
   * @param wrong is told of each field that does not fit
   */
  public <T> @Nullable T request(JsonNode made, Class<T> type, String field, InvalidFields wrong) {
    return requests.value(made, type, field, wrong);
  }

  /** The names of the fields from which a type is read, for messages. */
  public List<String> fieldsOf(Class<?> type) {
    return mapper
        .getDeserializationConfig()
        .introspect(mapper.constructType(type))
        .findProperties()
        .stream()
        .filter(BeanPropertyDefinition::couldDeserialize)
        .filter(field -> !takesUnknownFields(field))
        .map(BeanPropertyDefinition::getName)
        .toList();
  }

  private static boolean takesUnknownFields(BeanPropertyDefinition field) {
    AnnotatedParameter parameter = field.getConstructorParameter();
    return parameter != null && parameter.hasAnnotation(JsonAnySetter.class);
  }

  private static IllegalStateException unwritten(Object value, JsonProcessingException e) {
    return new IllegalStateException(
        "A " + value.getClass().getSimpleName() + " can't be written as JSON" + at(e));
  }

  private static String at(JsonProcessingException e) {
    return e.getLocation() == null
        ? ": " + e.getClass().getSimpleName()
        : " (" + e.getClass().getSimpleName() + ", column " + e.getLocation().getColumnNr() + ")";
  }
}
