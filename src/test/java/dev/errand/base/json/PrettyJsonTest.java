package dev.errand.base.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PrettyJsonTest {
  private static final int DEEPEST = 900;

  private final JsonMapper mapper = new JsonMapper();
  private final Random random = new Random(7);

  @Test
  void isIndented() throws Exception {
    assertEquals(
        """
        {
          "a" : {
            "b" : [ 1, "ä\\n", {
              "c" : null
            } ]
          },
          "d" : [ ],
          "e" : { }
        }\
        """,
        PrettyJson.of(
            mapper.readTree("{\"a\":{\"b\":[1,\"ä\\n\",{\"c\":null}]},\"d\":[],\"e\":{}}")));
    assertEquals("\"text\"", PrettyJson.of(TextNode.valueOf("text")));
  }

  @Test
  void deepLevelsStandAtTheLastOne() throws Exception {
    String text = PrettyJson.of(mapper.readTree(nested(12, "1")));
    assertTrue(text.contains("\n" + " ".repeat(20) + "\"\" : {\n"), text);
    assertFalse(text.contains(" ".repeat(21)), text);
    assertEquals(2 * 12 + 1, text.lines().count());
  }

  @Test
  void isNoMoreThanTenTimesAsLongHoweverItIsNested() throws Exception {
    for (String compact :
        new String[] {
          nested(DEEPEST, "1"),
          nested(DEEPEST, "[" + "{\"a\":1},".repeat(30_000) + "{\"a\":1}]"),
          "[" + (nested(DEEPEST, "1") + ",").repeat(50) + "1]",
          nested(DEEPEST, "[" + (nested(90, "{}") + ",").repeat(500) + "{}]"),
          "[" + "[],{},".repeat(1000) + "1]",
          "[".repeat(DEEPEST) + "]".repeat(DEEPEST)
        }) {
      isBounded(mapper.readTree(compact));
    }
    for (int i = 0; i < 2000; i++) {
      isBounded(tree(random.nextInt(25)));
    }
  }

  private void isBounded(JsonNode json) throws IOException {
    String compact = json.toString();
    String text = PrettyJson.of(json);
    assertEquals(json, mapper.readTree(text));
    assertTrue(
        text.length() <= PrettyJson.MOST_TIMES * compact.length(),
        () -> text.length() + " of " + compact.length());
  }

  @Test
  void theBeginningIsOneCharacterLongerThanWantedWhereThereIsMore() throws Exception {
    JsonNode json = mapper.readTree("{\"a\":{\"b\":[1,2,\"" + "x".repeat(20_000) + "\"]}}");
    String all = PrettyJson.of(json);
    for (int most : new int[] {0, 1, 10, 4000, 8001, all.length() - 1}) {
      assertEquals(all.substring(0, most + 1), PrettyJson.of(json, most));
    }
    assertEquals(all, PrettyJson.of(json, all.length()));
    assertEquals(all, PrettyJson.of(json, Integer.MAX_VALUE - 1));
  }

  @Test
  void whatComesBehindTheBeginningIsNotWritten() {
    AtomicInteger written = new AtomicInteger();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < 100_000; i++) {
      json.putPOJO("n" + i, new Counted(written));
    }
    assertEquals(1001, PrettyJson.of(json, 1000).length());
    assertTrue(written.get() > 0, "Nothing was counted");
    // Jackson has a buffer of some thousand characters.
    assertTrue(written.get() < 10_000, written + " were written");
  }

  /** A value that counts how often it is written. */
  private static final class Counted extends JsonSerializable.Base {
    private final AtomicInteger written;

    private Counted(AtomicInteger written) {
      this.written = written;
    }

    @Override
    public void serialize(JsonGenerator to, SerializerProvider with) throws IOException {
      written.incrementAndGet();
      to.writeString("value");
    }

    @Override
    public void serializeWithType(JsonGenerator to, SerializerProvider with, TypeSerializer types)
        throws IOException {
      serialize(to, with);
    }
  }

  private static String nested(int levels, String value) {
    return "{\"\":".repeat(levels) + value + "}".repeat(levels);
  }

  private JsonNode tree(int levels) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    int children = levels == 0 ? 0 : random.nextInt(3);
    return switch (random.nextInt(children == 0 ? 4 : 2)) {
      case 0 -> {
        ObjectNode object = nodes.objectNode();
        for (int i = 0; i < children; i++) {
          object.set(i == 0 ? "" : "n" + i, tree(levels - 1));
        }
        yield object;
      }
      case 1 -> {
        var array = nodes.arrayNode();
        for (int i = 0; i < children; i++) {
          array.add(tree(levels - 1));
        }
        yield array;
      }
      case 2 -> nodes.numberNode(random.nextInt(10));
      default -> nodes.textNode("x\"\n".repeat(random.nextInt(3)));
    };
  }
}
