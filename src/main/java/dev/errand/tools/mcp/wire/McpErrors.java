package dev.errand.tools.mcp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.json.WellFormed;
import dev.errand.base.secret.LogMask;

/** Converts replies without a result to exceptions with a sentence. */
final class McpErrors {
  private static final int MOST_OF_A_MESSAGE = 1000;
  private static final int MOST_OF_A_REFUSAL = 300;

  private McpErrors() {}

  /**
   * Accepts a result.
   *
   * @throws McpException for any other reply
   */
  static void check(String place, McpReply reply) throws McpException {
    int status = reply.status();
    if (status == 401 || status == 403) {
      String said = said(reply.message());
      throw McpException.unauthorized(
          "%s answered with status %d: %s.%s"
              .formatted(
                  place,
                  status,
                  status == 401 || said.isEmpty()
                      ? "it requires another sign-in or key"
                      : "mend what it names, or use another sign-in or key",
                  said.isEmpty() ? "" : " It said: " + said),
          status == 401,
          reply.challenge());
    }
    if (reply.hasError()) {
      String said =
          WellFormed.cut(
              reply.message().path("error").path("message").asText(""), MOST_OF_A_MESSAGE);
      // What has no code is an error of HTTP, in a form of the server's own.
      throw new McpException(
          status == 429 || status >= 500 ? McpFailure.BUSY : McpFailure.ERROR,
          reply.errorCode() == 0
              ? "%s answered with status %d%s"
                  .formatted(place, status, said.isEmpty() ? "." : ": " + said)
              : "%s answered with the error %d: %s".formatted(place, reply.errorCode(), said));
    }
    if (status == 429 || status >= 500) {
      throw new McpException(
          McpFailure.BUSY, "%s answered with status %d.".formatted(place, status));
    }
    if (!reply.isSuccess() || reply.message().isMissingNode()) {
      throw new McpException(
          McpFailure.UNUSABLE,
          "%s answered with status %d and no result: is this the address of an MCP server?"
              .formatted(place, status));
    }
  }

  /** The words of a refusal, in MCP's form or OAuth's, without what looks like a secret. */
  private static String said(JsonNode message) {
    String said =
        message
            .path("error")
            .path("message")
            .asText(message.path("error_description").asText(message.path("error").asText("")));
    String cut = WellFormed.cut(said.strip(), MOST_OF_A_MESSAGE);
    return WellFormed.cut(VisibleText.of(LogMask.masked(cut)), MOST_OF_A_REFUSAL);
  }
}
