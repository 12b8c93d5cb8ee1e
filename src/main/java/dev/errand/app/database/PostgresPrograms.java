package dev.errand.app.database;

import dev.errand.base.secret.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** The programs of PostgreSQL that are packaged with this build, unpacked into a folder. */
public record PostgresPrograms(Path folder) {
  // Variables of the dynamic linker, the C library and the shell. All others, such as the master
  // key, are not passed on.
  private static final Set<String> INHERITED =
      Set.of("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ", "TMPDIR", "LANG", "LC_ALL");

  /** Whether this build contains the programs for this platform. */
  static boolean areIncluded() {
    return PostgresPrograms.class.getResource(archive()) != null;
  }

  /** The operating system and the processor, as in the names of the archives. */
  public static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return (system.startsWith("mac") ? "darwin" : system.replace(' ', '_'))
        + "-"
        + switch (processor) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> processor;
        };
  }

  /**
   * Unpacks them into a subfolder, unless that was done before; those of other builds are deleted.
   */
  static PostgresPrograms unpackedIn(Path parent) throws IOException {
    Path folder = parent.resolve("PG-" + digest());
    if (!Files.isDirectory(folder)) {
      delete(parent);
      Files.createDirectories(parent);
      // Unpacked to a temporary folder and moved, so that a crash does not leave a part of them.
      Path aside = parent.resolve("new");
      unpack(aside);
      Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
    }
    return new PostgresPrograms(folder);
  }

  Path program(String name) {
    return folder.resolve("bin").resolve(name);
  }

  /** Starts one of them, not as root, with only the environment variables that it needs. */
  Process start(Path output, String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      // PostgreSQL refuses to run as root. In its own user namespace, root becomes the user nobody.
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(program(name).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().keySet().retainAll(INHERITED);
    return builder.start();
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root")
        && System.getProperty("os.name").equals("Linux");
  }

  private static String archive() {
    return "/postgres-" + platform() + ".txz";
  }

  private static InputStream open() throws IOException {
    @Nullable InputStream stream = PostgresPrograms.class.getResourceAsStream(archive());
    if (stream == null) {
      throw new IOException("this build has no PostgreSQL for " + platform());
    }
    return stream;
  }

  private static String digest() throws IOException {
    try (DigestInputStream stream = new DigestInputStream(open(), Sha256.digest())) {
      stream.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(stream.getMessageDigest().digest(), 0, 16);
    }
  }

  private static void unpack(Path target) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(open())))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("the archive contains a file outside of its folder: " + path);
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
          continue;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, path);
          Files.setPosixFilePermissions(
              path,
              PosixFilePermissions.fromString(
                  (entry.getMode() & 0100) == 0 ? "rw-r--r--" : "rwxr-xr-x"));
        }
      }
    }
  }

  /** Deletes a folder with its content, if it exists. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
