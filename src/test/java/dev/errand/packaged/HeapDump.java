package dev.errand.packaged;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What lives in the heap of a process after a full collection. Of a dump ("HPROF binary format" in
 * the sources of the JDK), only the arrays of bytes are read: those of texts, and buffers.
 */
final class HeapDump {
  private static final int SEGMENT = 0x1C;
  private static final int CLASS = 0x20;
  private static final int INSTANCE = 0x21;
  private static final int OBJECT_ARRAY = 0x22;
  private static final int PRIMITIVE_ARRAY = 0x23;
  private static final int OF_BYTES = 8;
  private static final int ID = 8;

  /** How many bytes follow the tag of a root. */
  private static final Map<Integer, Integer> ROOTS =
      Map.of(
          0xFF, ID, 0x01, 2 * ID, 0x02, ID + 8, 0x03, ID + 8, 0x04, ID + 4, 0x05, ID, 0x06, ID + 4,
          0x07, ID, 0x08, ID + 8);

  /** The sizes of the types of fields. */
  private static final Map<Integer, Integer> SIZES =
      Map.of(2, ID, 4, 1, 5, 2, 6, 4, 7, 8, 8, 1, 9, 2, 10, 4, 11, 8);

  private final byte[] bytes;
  private final ByteBuffer dump;

  private HeapDump(byte[] bytes) {
    this.bytes = bytes;
    this.dump = ByteBuffer.wrap(bytes);
  }

  /** Collects the garbage of a process, and dumps what is left. */
  static HeapDump of(long pid, Path file) throws IOException, InterruptedException {
    jcmd(pid, "GC.run");
    jcmd(pid, "GC.heap_dump", file.toString());
    return new HeapDump(Files.readAllBytes(file));
  }

  private static void jcmd(long pid, String... command) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    ProcessBuilder builder = new ProcessBuilder(jcmd.toString(), Long.toString(pid));
    builder.command().addAll(List.of(command));
    if (builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        != 0) {
      throw new IllegalStateException("jcmd failed: " + String.join(" ", command));
    }
  }

  /**
   * How many arrays of bytes have a text.
   *
   * @param longest arrays that are longer are not counted; buffers for input and output are
   */
  Map<String, Integer> count(Iterable<String> texts, int longest) {
    Map<String, Integer> found = new HashMap<>();
    dump.position(0);
    while (dump.get() != 0) {
      // The name of the format.
    }
    dump.position(dump.position() + 4 + 8);
    while (dump.hasRemaining()) {
      int tag = dump.get();
      skip(4);
      int length = dump.getInt();
      int end = dump.position() + length;
      if (tag == SEGMENT) {
        segment(end, texts, longest, found);
      }
      dump.position(end);
    }
    return found;
  }

  private void segment(int end, Iterable<String> texts, int longest, Map<String, Integer> found) {
    while (dump.position() < end) {
      int tag = Byte.toUnsignedInt(dump.get());
      switch (tag) {
        case CLASS -> skipClass();
        case INSTANCE -> {
          skip(ID + 4 + ID);
          skip(dump.getInt());
        }
        case OBJECT_ARRAY -> {
          skip(ID + 4);
          int length = dump.getInt();
          skip(ID + length * ID);
        }
        case PRIMITIVE_ARRAY -> array(texts, longest, found);
        default -> {
          Integer length = ROOTS.get(tag);
          if (length == null) {
            throw new IllegalStateException("The dump has an unknown record: " + tag);
          }
          skip(length);
        }
      }
    }
  }

  private void array(Iterable<String> texts, int longest, Map<String, Integer> found) {
    skip(ID + 4);
    int length = dump.getInt();
    int type = dump.get();
    if (type == OF_BYTES && length <= longest) {
      String content = new String(bytes, dump.position(), length, StandardCharsets.ISO_8859_1);
      for (String text : texts) {
        if (content.contains(text)) {
          found.merge(text, 1, Integer::sum);
        }
      }
    }
    skip(length * size(type));
  }

  private void skipClass() {
    skip(ID + 4 + 6 * ID + 4);
    int constants = Short.toUnsignedInt(dump.getShort());
    for (int i = 0; i < constants; i++) {
      skip(2);
      skip(size(dump.get()));
    }
    int statics = Short.toUnsignedInt(dump.getShort());
    for (int i = 0; i < statics; i++) {
      skip(ID);
      skip(size(dump.get()));
    }
    int fields = Short.toUnsignedInt(dump.getShort());
    skip(fields * (ID + 1));
  }

  private static int size(int type) {
    Integer size = SIZES.get(type);
    if (size == null) {
      throw new IllegalStateException("The dump has an unknown type: " + type);
    }
    return size;
  }

  private void skip(int bytes) {
    dump.position(dump.position() + bytes);
  }
}
