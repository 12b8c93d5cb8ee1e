package dev.errand.automation.trigger.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.http.CloudEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of a delivery, as the parameters and the payload of a run.
 *
 * @param parameters the parameters of the run; empty if the body is neither a JSON object nor a
 *     form
 * @param payload the value of {@code {{ @payload }}}: the body as received, or the data of an event
 */
record DeliveryContent(
    ObjectNode parameters,
    String payload,
    @Nullable JsonNode json,
    @Nullable CloudEvent event,
    boolean eventIsInBody) {

  Optional<String> text(String field) {
    return json == null || !json.path(field).isTextual()
        ? Optional.empty()
        : Optional.of(json.path(field).textValue()).filter(text -> !text.isEmpty());
  }

  /** The id of the CloudEvent whose attributes are in the body, or with false in the header. */
  Optional<String> eventId(boolean inBody) {
    return event == null || eventIsInBody != inBody ? Optional.empty() : Optional.of(event.id());
  }
}
