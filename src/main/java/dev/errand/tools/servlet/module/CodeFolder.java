package dev.errand.tools.servlet.module;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * A cache of compiled code in a folder of limited size. A lost file costs a compilation, and a
 * folder that is not writable disables the cache without an error.
 */
final class CodeFolder {
  private static final Logger LOG = Logger.getLogger(CodeFolder.class);

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /** The age from which an unfinished file counts as abandoned. */
  private static final Duration GIVEN_UP = Duration.ofHours(1);

  private static final String UNFINISHED = ".new";

  private final Path path;
  private final long bound;
  private final Clock clock;

  /**
   * A folder, which is created with its first file.
   *
   * @param bound its largest size in bytes; 0 disables the cache
   */
  CodeFolder(Path path, long bound, Clock clock) {
    this.path = path;
    this.bound = bound;
    this.clock = clock;
  }

  /** The bytes of a file, if it can be read. */
  Optional<byte[]> read(String name) {
    if (bound == 0) {
      return Optional.empty();
    }
    Path file = path.resolve(name);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > bound) {
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(file);
      touch(file);
      return Optional.of(bytes);
    } catch (IOException e) {
      LOG.debugf("The compiled code in %s can't be read: %s", file, e);
      return Optional.empty();
    }
  }

  private void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    } catch (IOException e) {
      LOG.debugf("The use of %s can't be recorded: %s", file, e);
    }
  }

  /** Writes or replaces a file, and makes room for it. */
  void write(String name, byte[] bytes) {
    if (bytes.length > bound) {
      return;
    }
    try {
      Files.createDirectories(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path aside =
          Files.createTempFile(
              path, name, UNFINISHED, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      try {
        Files.write(aside, bytes);
        Files.setLastModifiedTime(aside, FileTime.from(clock.instant()));
        Files.move(
            aside,
            path.resolve(name),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(aside);
      }
      makeRoom();
    } catch (IOException | UncheckedIOException | UnsupportedOperationException e) {
      LOG.warnf("Compiled code can't be kept in %s: %s", path, e);
    }
  }

  void remove(String name) {
    try {
      Files.deleteIfExists(path.resolve(name));
    } catch (IOException e) {
      LOG.debugf("%s can't be removed from %s: %s", name, path, e);
    }
  }

  private record Entry(Path file, long size, FileTime used) {}

  private void makeRoom() throws IOException {
    List<Entry> entries = new ArrayList<>();
    FileTime givenUp = FileTime.from(clock.instant().minus(GIVEN_UP));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Entry entry = new Entry(file, Files.size(file), Files.getLastModifiedTime(file));
        if (!file.toString().endsWith(UNFINISHED)) {
          entries.add(entry);
        } else if (entry.used().compareTo(givenUp) < 0) {
          Files.deleteIfExists(file);
        }
      }
    }
    entries.sort(Comparator.comparing(Entry::used).reversed());
    long held = 0;
    for (Entry entry : entries) {
      held += entry.size();
      if (held > bound) {
        Files.deleteIfExists(entry.file());
      }
    }
  }
}
