package dev.errand.models.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.models.port.ModelAnswer;

/** Port to the format of one vendor's answers: whole, streamed and errors. */
public interface AnswerParser {

  /**
   * Parses an answer with status 200.
   *
   * @param answer the answer, assembled if it was streamed; an empty object where it is not JSON
   */
  ModelAnswer read(ModelCall call, JsonNode answer, long tookMs);

  /**
   * Parses the body of an answer with another status.
   *
   * @param body the body; an empty object where it is not JSON
   */
  ServerError error(int status, JsonNode body);

  /** The header fields that say how many requests its servers allow. */
  default RateFields ofRequests() {
    return RateFields.REQUESTS;
  }

  /** The header fields that say how many tokens they allow. */
  default RateFields ofTokens() {
    return RateFields.TOKENS;
  }

  /** Begins to assemble a streamed answer. */
  Streamed stream();

  /** A streamed answer that is being assembled. */
  interface Streamed {
    /**
     * Adds an event of the stream.
     *
     * @param event the data of the event; a text node where it is not JSON
     * @return the next piece of the message's text; may be empty
     */
    String add(JsonNode event);

    /** Whether the rest of the stream does not matter: the answer has ended or failed. */
    boolean isOver();

    /** Whether the answer is complete if the connection ends here. */
    boolean isWhole();

    /** How many characters the answer has so far. */
    long length();

    /** An upper bound of the bytes of memory that the answer takes so far. */
    long weight();

    /** The answer so far, in the form of an unstreamed answer. */
    JsonNode whole();
  }
}
