package dev.errand.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.support.ScriptedModel.Answer;
import java.io.IOException;

/** What answers the requests of tasks whose prompts are for it, instead of the script. */
interface Vendor {
  /** Whether it answers requests that begin with this prompt. */
  boolean takes(String prompt);

  /**
   * Answers a request.
   *
   * @param sent as the vendor is sent it
   * @param request the same in the form of chat completions
   */
  Answer answer(JsonNode sent, JsonNode request) throws IOException;
}
