package dev.errand.tools.mcp.wire;

import dev.errand.base.json.WellFormed;

/** Converts replies without a result to exceptions with a sentence. */
final class McpErrors {
  private static final int MOST_OF_A_MESSAGE = 1000;

  private McpErrors() {}

  /**
   * Accepts a result.
   *
   * @throws McpException for any other reply
   */
  static void check(String place, McpReply reply) throws McpException {
    int status = reply.status();
    if (status == 401 || status == 403) {
      throw McpException.unauthorized(
          "%s answered with status %d: it requires another sign-in or key."
              .formatted(place, status),
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
}
