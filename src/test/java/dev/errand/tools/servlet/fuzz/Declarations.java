package dev.errand.tools.servlet.fuzz;

import dev.errand.tools.servlet.fuzz.Sections.Section;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes what a module declares, in ways that leave its bytes well formed. */
final class Declarations {
  /** The order in which sections come: the count of data segments is before the code. */
  private static final List<Integer> ORDER = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11);

  private static final long[] SIZES = {0, 1, 2, 100, 1024, 1025, 65_535, 65_536, 65_537, 1L << 31};

  private final RandomGenerator random;

  Declarations(RandomGenerator random) {
    this.random = random;
  }

  byte[] change(byte[] wasm) {
    var sections = new ArrayList<>(Sections.of(wasm));
    switch (random.nextInt(7)) {
      case 0 -> put(sections, Sections.MEMORY, limits(new byte[0]));
      case 1 -> put(sections, Sections.TABLE, limits(new byte[] {(byte) reference()}));
      case 2 -> put(sections, Sections.START, Sections.unsigned(random.nextInt(30)));
      case 3 -> imports(sections);
      case 4 -> exports(sections);
      case 5 -> types(sections);
      default -> custom(sections);
    }
    return Sections.module(sections);
  }

  private int reference() {
    int[] types = {0x70, 0x6F, 0x6E, 0x6B, 0x63, 0x64, 0x7F};
    return types[random.nextInt(types.length)];
  }

  /** One memory or table, or several, with limits of any kind. */
  private byte[] limits(byte[] before) {
    var count = random.nextInt(8) == 0 ? 2 + random.nextInt(20) : 1;
    var out = new ByteArrayOutputStream();
    out.writeBytes(Sections.unsigned(count));
    for (var i = 0; i < count; i++) {
      out.writeBytes(before);
      var flags = random.nextInt(4) > 0 ? random.nextInt(2) : random.nextInt(8);
      out.write(flags);
      out.writeBytes(Sections.unsigned(SIZES[random.nextInt(SIZES.length)]));
      if ((flags & 1) != 0) {
        out.writeBytes(Sections.unsigned(SIZES[random.nextInt(SIZES.length)]));
      }
    }
    return out.toByteArray();
  }

  /** One more import, of a function that is there under another type, or of what is not there. */
  private void imports(List<Section> sections) {
    String[] modules = {"extism:host/env", "wasi_snapshot_preview1", "env", "", "é\u0000\n"};
    String[] names = {"alloc", "free", "fd_write", "memory", "proc_exit", "", "x".repeat(3000)};
    var one =
        Mutants.concat(
            name(modules[random.nextInt(modules.length)]),
            name(names[random.nextInt(names.length)]),
            new byte[] {(byte) random.nextInt(6)},
            Sections.unsigned(random.nextInt(10)));
    append(sections, Sections.IMPORT, one);
  }

  /** One more export: a name that is there already, or one that the host looks for. */
  private void exports(List<Section> sections) {
    String[] names = {
      "call", "describe", "_start", "_initialize", "__wasm_call_ctors", "hs_init", "memory", ""
    };
    var one =
        Mutants.concat(
            name(names[random.nextInt(names.length)]),
            new byte[] {(byte) random.nextInt(5)},
            Sections.unsigned(random.nextInt(40)));
    if (random.nextBoolean()) {
      append(sections, Sections.EXPORT, one);
    } else {
      var all = new ByteArrayOutputStream();
      all.write(3);
      for (var name : List.of("call", "describe", names[random.nextInt(names.length)])) {
        all.writeBytes(name(name));
        all.write(0);
        all.writeBytes(Sections.unsigned(random.nextInt(40)));
      }
      put(sections, Sections.EXPORT, all.toByteArray());
    }
  }

  /** One more type: of many parameters, or of a kind that is no function. */
  private void types(List<Section> sections) {
    int[] forms = {0x60, 0x60, 0x60, 0x5F, 0x5E, 0x50, 0x4E};
    var params = random.nextInt(4) == 0 ? random.nextInt(2000) : random.nextInt(5);
    var results = random.nextInt(4) == 0 ? random.nextInt(2000) : random.nextInt(3);
    var one = new ByteArrayOutputStream();
    one.write(forms[random.nextInt(forms.length)]);
    for (var count : new int[] {params, results}) {
      one.writeBytes(Sections.unsigned(count));
      for (var i = 0; i < count; i++) {
        one.write(random.nextInt(20) == 0 ? random.nextInt(256) : 0x7C + random.nextInt(4));
      }
    }
    append(sections, Sections.TYPE, one.toByteArray());
  }

  /** A section of names, of which nothing needs to be true. */
  private void custom(List<Section> sections) {
    String[] names = {"name", "producers", "target_features", "dylink.0", ""};
    var bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    var content = Mutants.concat(name(names[random.nextInt(names.length)]), bytes);
    sections.add(random.nextInt(sections.size() + 1), new Section(0, content));
  }

  private static byte[] name(String name) {
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    return Mutants.concat(Sections.unsigned(bytes.length), bytes);
  }

  private static void append(List<Section> sections, int id, byte[] element) {
    for (var section : sections) {
      if (section.id() == id) {
        var at = new int[] {0};
        var count = Sections.unsigned(section.content(), at);
        var rest = java.util.Arrays.copyOfRange(section.content(), at[0], section.content().length);
        put(sections, id, Mutants.concat(Sections.unsigned(count + 1), rest, element));
        return;
      }
    }
    put(sections, id, Mutants.concat(Sections.unsigned(1), element));
  }

  /** Puts a section in its place, instead of the one that is there. */
  private static void put(List<Section> sections, int id, byte[] content) {
    sections.removeIf(section -> section.id() == id);
    sections.add(new Section(id, content));
    sections.sort(Comparator.comparingInt(section -> ORDER.indexOf(section.id())));
  }
}
