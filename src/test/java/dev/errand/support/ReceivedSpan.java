package dev.errand.support;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A span as a collector gets it, read from the bytes by hand.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param parentId 16 hexadecimal digits, or an empty text
 * @param name its name
 * @param kind 1 internal, 2 server, 3 client
 * @param attributes its attributes; a list as its members with commas
 * @param links the spans that it is linked to, each its trace and its own id with a dash
 * @param isError whether its status is one
 */
public record ReceivedSpan(
    String traceId,
    String spanId,
    String parentId,
    String name,
    long kind,
    Map<String, String> attributes,
    List<String> links,
    boolean isError) {
  private static final int RESOURCE_SPANS = 1;
  private static final int SCOPE_SPANS = 2;
  private static final int SPANS = 2;

  /** The one of that name. */
  public static ReceivedSpan only(List<ReceivedSpan> spans, String name) {
    List<ReceivedSpan> found = named(spans, name);
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " times " + name + " in " + spans);
    }
    return found.getFirst();
  }

  /** Those of that name. */
  public static List<ReceivedSpan> named(List<ReceivedSpan> spans, String name) {
    return spans.stream().filter(span -> span.name.equals(name)).toList();
  }

  /** The spans of an export request. */
  static List<ReceivedSpan> all(byte[] request) {
    List<ReceivedSpan> spans = new ArrayList<>();
    for (Field resource : Field.of(request, RESOURCE_SPANS)) {
      for (Field scope : Field.of(resource.bytes, SCOPE_SPANS)) {
        for (Field span : Field.of(scope.bytes, SPANS)) {
          spans.add(one(span.bytes));
        }
      }
    }
    return spans;
  }

  private static ReceivedSpan one(byte[] span) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (Field attribute : Field.of(span, 9)) {
      attributes.put(
          text(attribute.bytes, 1), value(Field.of(attribute.bytes, 2).getFirst().bytes));
    }
    List<String> links = new ArrayList<>();
    for (Field link : Field.of(span, 13)) {
      links.add(hex(link.bytes, 1) + "-" + hex(link.bytes, 2));
    }
    boolean isError =
        Field.of(span, 15).stream()
            .flatMap(status -> Field.of(status.bytes, 3).stream())
            .anyMatch(code -> code.number == 2);
    long kind = Field.of(span, 6).getFirst().number;
    return new ReceivedSpan(
        hex(span, 1), hex(span, 2), hex(span, 4), text(span, 5), kind, attributes, links, isError);
  }

  private static String value(byte[] any) {
    Field field = Field.all(any).getFirst();
    return switch (field.name) {
      case 1 -> new String(field.bytes, StandardCharsets.UTF_8);
      case 4 -> Double.toString(Double.longBitsToDouble(field.number));
      case 5 ->
          String.join(
              ",", Field.of(field.bytes, 1).stream().map(member -> value(member.bytes)).toList());
      default -> Long.toString(field.number);
    };
  }

  private static String text(byte[] message, int field) {
    return new String(first(message, field), StandardCharsets.UTF_8);
  }

  private static String hex(byte[] message, int field) {
    return HexFormat.of().formatHex(first(message, field));
  }

  private static byte[] first(byte[] message, int field) {
    return Field.of(message, field).stream().findFirst().map(f -> f.bytes).orElse(new byte[0]);
  }

  /** A field of a protocol buffer: bytes, or a number. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Field(int name, byte[] bytes, long number) {

    static List<Field> of(byte[] message, int name) {
      return all(message).stream().filter(field -> field.name == name).toList();
    }

    static List<Field> all(byte[] message) {
      List<Field> fields = new ArrayList<>();
      int[] at = {0};
      while (at[0] < message.length) {
        long tag = varint(message, at);
        int name = (int) (tag >>> 3);
        switch ((int) (tag & 7)) {
          case 0 -> fields.add(new Field(name, new byte[0], varint(message, at)));
          case 1 -> fields.add(new Field(name, new byte[0], fixed(message, at, 8)));
          case 2 -> {
            int length = (int) varint(message, at);
            byte[] bytes = new byte[length];
            System.arraycopy(message, at[0], bytes, 0, length);
            at[0] += length;
            fields.add(new Field(name, bytes, 0));
          }
          case 5 -> fields.add(new Field(name, new byte[0], fixed(message, at, 4)));
          default -> throw new IllegalStateException("No protocol buffer: tag " + tag);
        }
      }
      return fields;
    }

    private static long varint(byte[] message, int[] at) {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = message[at[0]++];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }

    private static long fixed(byte[] message, int[] at, int length) {
      long value = 0;
      for (int i = 0; i < length; i++) {
        value |= (message[at[0]++] & 0xffL) << (8 * i);
      }
      return value;
    }
  }
}
