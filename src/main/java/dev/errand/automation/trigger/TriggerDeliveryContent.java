package dev.errand.automation.trigger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.base.http.CloudEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of a delivery, as the parameters and the payload of a run.
 *
 * @param parameters the parameters of the run; empty if the body is neither a JSON object nor a
 *     form
 * @param payload the value of {@code {{ @payload }}}: the body as received, or the data of an event
 * @param json the body, or the data of an event, as JSON; null if it is none
 */
record TriggerDeliveryContent(
    ObjectNode parameters,
    String payload,
    @Nullable JsonNode json,
    @Nullable CloudEvent event,
    boolean eventIsInBody) {

  static final String GITHUB_EVENT = "x-github-event";

  private static final String TYPE = "type";

  /** The body, or the data of an event, as a value: JSON, the fields of a form, or a text. */
  JsonNode value() {
    if (json != null) {
      return json;
    }
    return parameters.isEmpty() ? TextNode.valueOf(payload) : parameters;
  }

  /** What a condition of a trigger can read of it. */
  TriggerFilter.Delivered delivered(SignatureScheme scheme, Fields fields) {
    return new TriggerFilter.Delivered(eventName(scheme, fields), value(), fields);
  }

  /** The name of the event as its sender calls it, of any length; empty where it has none. */
  String eventName(SignatureScheme scheme, Fields fields) {
    if (event != null) {
      return event.type();
    }
    return switch (scheme) {
      case STANDARD_WEBHOOKS, STRIPE -> value().path(TYPE).asText("");
      case SLACK -> value().path("event").path(TYPE).asText(value().path(TYPE).asText(""));
      case GITHUB -> fields.first(GITHUB_EVENT).orElse("");
      case URL, BEARER -> fields.first(GITHUB_EVENT).orElse(value().path(TYPE).asText(""));
    };
  }

  /** A text in the body; what the data of an event says is no word of the sender's protocol. */
  Optional<String> text(String field) {
    return json == null || eventIsInBody || !json.path(field).isTextual()
        ? Optional.empty()
        : Optional.of(json.path(field).textValue()).filter(text -> !text.isEmpty());
  }

  /** The id of the CloudEvent whose attributes are in the body, or with false in the header. */
  Optional<String> eventId(boolean inBody) {
    return event == null || eventIsInBody != inBody ? Optional.empty() : Optional.of(event.id());
  }
}
