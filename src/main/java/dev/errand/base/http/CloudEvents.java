package dev.errand.base.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes CloudEvents 1.0 by the HTTP protocol binding. In binary mode the attributes are
 * header fields and the body is the data; in structured mode the body is the whole event as JSON.
 */
@ApplicationScoped
public class CloudEvents {
  /** The media type of the structured mode. */
  public static final String STRUCTURED = "application/cloudevents+json";

  private static final String VERSION = "1.0";
  private static final String HEADER = "ce-";

  private final Json json;

  public CloudEvents(Json json) {
    this.json = json;
  }

  /**
   * The event that a request carries; empty where it carries none.
   *
   * @param header gives the value of a header, or null
   * @param memory is told each text before it is parsed
   * @throws ApiException {@link ErrorCode#INVALID_INPUT} or {@link ErrorCode#MALFORMED_JSON} if it
   *     claims to be an event but is not a valid one
   */
  public Optional<CloudEvent> read(
      Function<String, @Nullable String> header, byte[] body, Consumer<String> memory) {
    String type = header.apply("Content-Type");
    String media = type == null ? "" : type.strip().toLowerCase(Locale.ROOT);
    if (media.startsWith("application/cloudevents-batch")) {
      throw ApiException.invalid(
          "Content-Type", "batches are not supported: send one event per request");
    }
    if (media.startsWith("application/cloudevents")) {
      if (!media.startsWith(STRUCTURED)) {
        throw ApiException.invalid("Content-Type", "structured events must be JSON");
      }
      return Optional.of(structured(body, memory));
    }
    if (header.apply(HEADER + "specversion") == null) {
      return Optional.empty();
    }
    Function<String, @Nullable String> attribute = name -> decoded(header.apply(HEADER + name));
    return Optional.of(event(attribute, data(media, body, memory)));
  }

  /** The event in structured mode, its data JSON. */
  public byte[] write(CloudEvent event) {
    ObjectNode written =
        json.object()
            .put("specversion", VERSION)
            .put("id", event.id())
            .put("source", event.source())
            .put("type", event.type());
    if (event.subject() != null) {
      written.put("subject", event.subject());
    }
    if (event.traceparent() != null) {
      written.put("traceparent", event.traceparent());
    }
    if (!event.data().isMissingNode()) {
      written.put("datacontenttype", "application/json").set("data", event.data());
    }
    return written.toString().getBytes(StandardCharsets.UTF_8);
  }

  private CloudEvent structured(byte[] body, Consumer<String> memory) {
    memory.accept(new String(body, StandardCharsets.UTF_8));
    if (!(json.parse(body).orElse(null) instanceof ObjectNode event)) {
      throw malformed();
    }
    JsonNode data = event.path("data");
    if (data.isMissingNode() && event.path("data_base64").isTextual()) {
      byte[] encoded = bytes(event.path("data_base64"));
      data = data(event.path("datacontenttype").asText(), encoded, memory);
    }
    return event(name -> attribute(event.path(name)), data);
  }

  // In JSON, a null attribute is the same as an absent one (JSON event format, 2.2).
  private static @Nullable String attribute(JsonNode value) {
    return value.isValueNode() && !value.isNull() ? value.asText() : null;
  }

  private static CloudEvent event(Function<String, @Nullable String> attribute, JsonNode data) {
    String version = required(attribute, "specversion");
    if (!version.equals(VERSION)) {
      throw ApiException.invalid("specversion", "must be " + VERSION);
    }
    return new CloudEvent(
        required(attribute, "id"),
        required(attribute, "source"),
        required(attribute, "type"),
        attribute.apply("subject"),
        attribute.apply("traceparent"),
        data);
  }

  private static String required(Function<String, @Nullable String> attribute, String name) {
    String value = attribute.apply(name);
    if (value == null || value.isEmpty()) {
      throw ApiException.invalid(name, "is required of a CloudEvent");
    }
    return value;
  }

  private JsonNode data(String media, byte[] body, Consumer<String> memory) {
    if (body.length == 0) {
      return MissingNode.getInstance();
    }
    String text = new String(body, StandardCharsets.UTF_8);
    if (!media.isEmpty() && !media.contains("json")) {
      return TextNode.valueOf(text);
    }
    memory.accept(text);
    return json.parse(text).orElseGet(() -> TextNode.valueOf(text));
  }

  private static byte[] bytes(JsonNode base64) {
    try {
      return Base64.getDecoder().decode(base64.asText());
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("data_base64", "is not base64");
    }
  }

  // In header fields, anything but printable ASCII is percent-encoded (HTTP binding, 3.1.3.2).
  private static @Nullable String decoded(@Nullable String value) {
    if (value == null || value.indexOf('%') < 0) {
      return value;
    }
    try {
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return value;
    }
  }

  private static ApiException malformed() {
    return new ApiException(
        ErrorCode.MALFORMED_JSON, "The body is not a CloudEvent: it must be a JSON object.");
  }
}
