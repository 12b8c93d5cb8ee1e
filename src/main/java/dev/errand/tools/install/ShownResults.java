package dev.errand.tools.install;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.limit.JsonWeight;
import dev.errand.base.limit.RequestMemory;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.ToolResult;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Results of tools that a request is answered with, rather than a run. A result is parsed within
 * the memory of its call, which is over then, and is held until the client has it.
 */
@ApplicationScoped
public class ShownResults {
  // Bytes of memory for one character: of the result, and of the answer that it is written to.
  private static final int PER_CHARACTER = 6;
  private static final long SMALL = 64 * 1024;

  private final RequestMemory memory;

  ShownResults(RequestMemory memory) {
    this.memory = memory;
  }

  /**
   * Holds memory for a result until the current request is answered.
   *
   * @param user the name of the user who asks
   * @return the result; where memory stays used up, an error that says that the call was made
   */
  public ToolResult held(String user, ToolResult result) {
    long bytes = weight(result);
    if (bytes > SMALL) {
      try {
        memory.open(user).holdHeap(bytes);
      } catch (ApiException e) {
        return ToolResult.error(
            "The tool was called, and its answer was not read: too much is being read at once for"
                + " this process's memory.");
      }
    }
    return result;
  }

  private static long weight(ToolResult result) {
    JsonNode structured = result.structured();
    long bytes = structured == null ? 0 : weight(structured);
    for (Content part : result.content()) {
      bytes +=
          switch (part) {
            case Content.Text(var text) -> PER_CHARACTER * (long) text.length();
            case Content.Described(var text, var original) ->
                PER_CHARACTER * (long) text.length() + weight(original);
            case Content.Image(var data, var _) -> PER_CHARACTER * (long) data.length();
          };
    }
    return bytes;
  }

  // A character of the tree's texts takes two bytes in it, and others where it is written.
  private static long weight(JsonNode tree) {
    return PER_CHARACTER / 2 * JsonWeight.of(tree);
  }
}
