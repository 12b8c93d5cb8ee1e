package dev.errand.automation.trigger.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.cloudevent.CloudEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery says, as a run understands it.
 *
 * @param parameters what the prompt's names stand for; empty where the body is no JSON object and
 *     no form
 * @param payload what {@code {{ @payload }}} stands for: the body as it came, or an event's data
 * @param json the body where it is JSON
 * @param event the CloudEvent that it is
 * @param eventIsInBody whether the attributes of the event stand in the body
 */
record DeliveryContent(
    ObjectNode parameters,
    String payload,
    @Nullable JsonNode json,
    @Nullable CloudEvent event,
    boolean eventIsInBody) {

  /** A text of the body's JSON object. */
  Optional<String> text(String field) {
    return json == null || !json.path(field).isTextual()
        ? Optional.empty()
        : Optional.of(json.path(field).textValue()).filter(text -> !text.isEmpty());
  }

  /** The id of the CloudEvent, where it stands in the body or where it does not. */
  Optional<String> eventId(boolean inBody) {
    return event == null || eventIsInBody != inBody ? Optional.empty() : Optional.of(event.id());
  }
}
