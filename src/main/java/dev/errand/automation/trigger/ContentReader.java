package dev.errand.automation.trigger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.CloudEvent;
import dev.errand.base.http.CloudEvents;
import dev.errand.base.json.Json;
import dev.errand.base.limit.ParsedTexts;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a delivery. A JSON object, whatever its content type, and the fields of a form
 * are parameters; anything else is text. The content of a CloudEvent, in either mode, is its data.
 */
@ApplicationScoped
class ContentReader {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);

  /** The header fields that the content depends on. */
  static final Set<String> FIELDS =
      Set.of(
          "content-type",
          "ce-specversion",
          "ce-id",
          "ce-source",
          "ce-type",
          "ce-subject",
          TriggerDeliveryContent.GITHUB_EVENT);

  private final CloudEvents events;
  private final Json json;

  ContentReader(CloudEvents events, Json json) {
    this.events = events;
    this.json = json;
  }

  /**
   * Reads a delivery.
   *
   * @param memory holds for all trees that are made, to be closed when the content is not needed
   *     any more
   * @throws ApiException when it is declared as a CloudEvent and is not valid, or when there is no
   *     memory for it
   */
  TriggerDeliveryContent read(
      SignatureScheme scheme, Fields fields, byte[] body, ParsedTexts.Held memory) {
    String type = fields.first("content-type").orElse("");
    String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    CloudEvent event =
        events.read(name -> fields.first(name).orElse(null), body, memory::tree).orElse(null);
    return event != null && media.equals(CloudEvents.STRUCTURED)
        ? structured(event, memory)
        : plain(scheme, new Body(type, media, body), event, memory);
  }

  /**
   * A body as it was received.
   *
   * @param media the content type's name alone
   */
  private record Body(String type, String media, byte[] bytes) {}

  private TriggerDeliveryContent plain(
      SignatureScheme scheme, Body body, @Nullable CloudEvent event, ParsedTexts.Held memory) {
    String text = new String(body.bytes(), charset(body.type()));
    JsonNode parsed = parse(text, memory);
    if (parsed instanceof ObjectNode object) {
      return new TriggerDeliveryContent(object, text, object, event, false);
    }
    Optional<ObjectNode> form = form(body, text, memory);
    if (form.isEmpty()) {
      return new TriggerDeliveryContent(json.object(), text, parsed, event, false);
    }
    // GitHub and Slack can wrap their JSON in a form of one field.
    boolean wraps = scheme == SignatureScheme.GITHUB || scheme == SignatureScheme.SLACK;
    if (wraps && form.get().size() == 1 && form.get().path("payload").isTextual()) {
      String wrapped = form.get().path("payload").textValue();
      if (parse(wrapped, memory) instanceof ObjectNode object) {
        return new TriggerDeliveryContent(object, wrapped, object, event, false);
      }
    }
    return new TriggerDeliveryContent(form.get(), text, null, event, false);
  }

  private TriggerDeliveryContent structured(CloudEvent event, ParsedTexts.Held memory) {
    JsonNode data = event.data();
    if (data.isMissingNode()) {
      return new TriggerDeliveryContent(json.object(), "", null, event, true);
    }
    String payload = data.isNull() ? "" : data.isTextual() ? data.textValue() : data.toString();
    JsonNode parsed = data.isTextual() ? parse(payload, memory) : data;
    ObjectNode parameters = parsed instanceof ObjectNode object ? object : json.object();
    return new TriggerDeliveryContent(parameters, payload, parsed, event, true);
  }

  private @Nullable JsonNode parse(String text, ParsedTexts.Held memory) {
    String bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (bare.isBlank()) {
      return null;
    }
    memory.tree(bare);
    return json.parse(bare).orElse(null);
  }

  private Optional<ObjectNode> form(Body body, String text, ParsedTexts.Held memory) {
    if (body.media().equals(Multipart.MEDIA)) {
      ObjectNode fields = json.object();
      return Multipart.fields(body.type(), body.bytes())
          .map(
              all -> {
                all.forEach(field -> add(fields, field.name(), field.value()));
                return fields;
              });
    }
    if (!body.media().equals(FORM) || text.indexOf('=') < 0) {
      return Optional.empty();
    }
    memory.form(text);
    return urlEncoded(text, charset(body.type()));
  }

  private Optional<ObjectNode> urlEncoded(String text, Charset charset) {
    ObjectNode fields = json.object();
    for (String pair : text.split("&", -1)) {
      String[] halves = pair.split("=", 2);
      Optional<String> name = formDecoded(halves[0], charset);
      Optional<String> value = formDecoded(halves.length == 2 ? halves[1] : "", charset);
      if (name.isEmpty() || value.isEmpty()) {
        return Optional.empty();
      }
      if (name.get().isEmpty()) {
        continue;
      }
      add(fields, name.get(), value.get());
    }
    return Optional.of(fields);
  }

  // A field that is sent several times is a list.
  private static void add(ObjectNode fields, String name, String value) {
    JsonNode known = fields.get(name);
    if (known == null) {
      fields.put(name, value);
    } else if (known instanceof ArrayNode values) {
      values.add(value);
    } else {
      fields.putArray(name).add(known).add(value);
    }
  }

  private static Optional<String> formDecoded(String text, Charset charset) {
    try {
      return Optional.of(URLDecoder.decode(text, charset));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static Charset charset(String contentType) {
    Matcher charset = CHARSET.matcher(contentType);
    try {
      return charset.find() ? Charset.forName(charset.group(1)) : StandardCharsets.UTF_8;
    } catch (IllegalArgumentException e) {
      return StandardCharsets.UTF_8;
    }
  }
}
