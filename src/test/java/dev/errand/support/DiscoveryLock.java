package dev.errand.support;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherDiscoveryListener;
import org.junit.platform.launcher.LauncherDiscoveryRequest;

/**
 * Lets one JVM at a time look for its tests. Loading a test that starts the service writes an index
 * of all test classes into one file and reads it again, and the platform passes over a class whose
 * loading fails: JVMs that did it together lost tests, and nothing said so.
 */
public final class DiscoveryLock implements LauncherDiscoveryListener {
  private static final Path FILE = Path.of("target/test-discovery.lock");

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
      lock = lock();
    }
    depth++;
  }

  private static synchronized void end() {
    depth--;
    if (depth == 0 && lock != null) {
      try {
        lock.acquiredBy().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static FileLock lock() {
    try {
      return FileChannel.open(FILE, CREATE, WRITE).lock();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
