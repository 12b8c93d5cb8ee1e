package dev.errand.adapters.serverless;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.EventOfAws;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class AwsNamesTest {
  private final ObjectMapper mapper =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  @Test
  void theEventsOfAwsKeepTheirNamesAndOursAreOurs() throws Exception {
    new AwsNames().customize(mapper);

    EventOfAws event = mapper.readValue("{\"rawPath\":\"/events\"}", EventOfAws.class);
    assertEquals("/events", event.rawPath());
    assertEquals("{\"rawPath\":\"/events\"}", mapper.writeValueAsString(event));
    assertEquals("{\"raw_path\":\"/events\"}", mapper.writeValueAsString(new Ours("/events")));
  }

  /** Named as all is that the service speaks. */
  private record Ours(String rawPath) {}
}
