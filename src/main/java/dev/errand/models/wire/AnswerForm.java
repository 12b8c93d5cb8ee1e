package dev.errand.models.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.models.model.ModelAnswer;

/** How one vendor's servers answer: what their JSON means, whole or in pieces, and their errors. */
public interface AnswerForm {

  /**
   * What an answer with status 200 means.
   *
   * @param answer the answer, or what its pieces came to; an empty object where it is no JSON
   * @param tookMs how long it took, in milliseconds
   */
  ModelAnswer read(ModelCall call, JsonNode answer, long tookMs);

  /**
   * What the body of an answer with another status says.
   *
   * @param body the body; an empty object where it is no JSON
   */
  ServerError error(int status, JsonNode body);

  /** Begins to put an answer together that comes in pieces. */
  Streamed stream();

  /** An answer that comes in pieces. */
  interface Streamed {
    /**
     * Adds a piece.
     *
     * @param event the data of an event; a text where it is no JSON
     * @return the text that the message goes on with; empty where it does not
     */
    String add(JsonNode event);

    /** Whether nothing follows that matters: it has ended, or can't be gone on with. */
    boolean isOver();

    /** Whether it is whole, should the connection end here. */
    boolean isWhole();

    /** How many characters it has by now. */
    long length();

    /** How many bytes of memory it takes by now, at most. */
    long weight();

    /** The answer as if it had come at once, as far as it came. */
    JsonNode whole();
  }
}
