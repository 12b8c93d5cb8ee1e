package dev.errand.base.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/**
 * Writes JSON with line breaks and indentation, for people. It is the only way to do so: Jackson's
 * own indents without a bound, so that each of many small objects that are nested deeply takes
 * thousands of characters.
 */
public final class PrettyJson {
  /** How many times as long as without spaces a text is at most. */
  public static final int MOST_TIMES = 10;

  // Deeper levels stand at this one. An object in an object takes 5 characters without spaces, as
  // {"":…}, and at most 49 with them: two line breaks, two spaces around the colon, and twice the
  // indentation, of two spaces a level. That is less than MOST_TIMES as many, and nothing else
  // grows by more. The largest parameters, 256 KiB, so fit into a page of 4 MB.
  private static final int MOST_LEVELS = 10;

  private static final DefaultPrettyPrinter PRINTER =
      new DefaultPrettyPrinter().withObjectIndenter(new Indenter());

  // Otherwise each thread keeps its own buffers.
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().recyclerPool(JsonRecyclerPools.sharedBoundedPool()).build())
          .build();

  private PrettyJson() {}

  /** All of it, for texts that are sent back or compared. */
  public static String of(JsonNode json) {
    return of(json, Integer.MAX_VALUE);
  }

  /**
   * The beginning of it, or all of it where that is short. No more is written than what is
   * returned, however long the rest is.
   *
   * @param most how many characters are wanted; where there are more, one more is returned, so that
   *     who cuts the text sees that it is longer
   */
  public static String of(JsonNode json, int most) {
    Beginning text = new Beginning(most == Integer.MAX_VALUE ? most : most + 1);
    try (JsonGenerator to = MAPPER.createGenerator(text)) {
      to.setPrettyPrinter(PRINTER.createInstance());
      MAPPER.writeTree(to, json);
    } catch (EOFException e) {
      // It is as long as wanted.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Indents by two spaces a level, up to the last one. */
  private static final class Indenter extends DefaultIndenter {
    private static final long serialVersionUID = 1;

    private Indenter() {
      super("  ", "\n");
    }

    @Override
    public void writeIndentation(JsonGenerator to, int level) throws IOException {
      super.writeIndentation(to, Math.min(level, MOST_LEVELS));
    }
  }

  /** Takes so many characters, and ends the writing where there are more. */
  private static final class Beginning extends Writer {
    private final StringBuilder text = new StringBuilder();
    private final int most;

    private Beginning(int most) {
      this.most = most;
    }

    @Override
    public void write(char[] from, int start, int length) throws IOException {
      int room = most - text.length();
      text.append(from, start, Math.min(room, length));
      if (length > room) {
        throw new EOFException("No more than " + most + " characters are wanted.");
      }
    }

    @Override
    public void flush() {
      // Nothing is kept elsewhere.
    }

    @Override
    public void close() {
      // Nothing is to be closed.
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
