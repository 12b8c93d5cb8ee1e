package dev.errand.support;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherDiscoveryListener;
import org.junit.platform.launcher.LauncherDiscoveryRequest;

/**
 * Keeps JVMs that look for their tests at once from each other's index of the test classes. Loading
 * a test that starts the service writes the index into one file and reads it again, and the
 * platform passes over a class whose loading fails: JVMs that did it together lost tests, and
 * nothing said so. A link to nowhere in the place of that file makes each JVM index for itself. The
 * end of a service deletes it, so nobody begins with tests before all have found theirs. (Quarkus
 * replaces the file in one step since its change 54580: with that, this class can go.)
 */
public final class DiscoveryLock implements LauncherDiscoveryListener {
  private static final Path FILE = Path.of("target/test-discovery.lock");
  private static final Path INDEX = Path.of("target/test-classes/test-classes.idx");

  // A suite may look for its tests while the JVM does.
  private static int depth;
  private static @Nullable FileLock lock;

  @Override
  public void launcherDiscoveryStarted(LauncherDiscoveryRequest request) {
    begin();
  }

  @Override
  public void launcherDiscoveryFinished(LauncherDiscoveryRequest request) {
    end();
  }

  private static synchronized void begin() {
    if (depth == 0) {
      lock = lock(isWithoutIndex());
    }
    depth++;
  }

  private static synchronized void end() {
    depth--;
    if (depth == 0 && lock != null) {
      boolean isShared = lock.isShared();
      close(lock);
      if (isShared) {
        close(lock(false));
      }
    }
  }

  private static boolean isWithoutIndex() {
    try {
      // What an earlier build left there.
      if (Files.isRegularFile(INDEX)) {
        Files.deleteIfExists(INDEX);
      }
      Files.createSymbolicLink(INDEX, Path.of("nowhere", "none"));
      return true;
    } catch (FileAlreadyExistsException e) {
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      // Then one JVM at a time.
      return false;
    }
  }

  private static FileLock lock(boolean shared) {
    try {
      return FileChannel.open(FILE, CREATE, READ, WRITE).lock(0, Long.MAX_VALUE, shared);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(FileLock lock) {
    try {
      lock.acquiredBy().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
