package dev.errand.support;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Puts between the service and the tests' PostgreSQL a line that can be cut, or that goes silent
 * without an end, as behind a firewall.
 */
public final class DatabaseLine implements QuarkusTestResourceLifecycleManager {
  private static final Set<Socket> LINES = ConcurrentHashMap.newKeySet();
  private static final AtomicInteger REFUSED = new AtomicInteger();
  private static final AtomicInteger FREEZES = new AtomicInteger();
  private static volatile boolean cut;

  private @Nullable ServerSocket door;

  // After the database.
  @Override
  public int order() {
    return 1;
  }

  @Override
  public Map<String, String> start() {
    String url = TestDatabase.url();
    int port = URI.create(url.substring("jdbc:".length())).getPort();
    try {
      ServerSocket opened = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
      door = opened;
      Thread.ofVirtual().start(() -> take(opened, port));
      return Map.of(
          "quarkus.datasource.jdbc.url",
          url.replace(":" + port + "/", ":" + opened.getLocalPort() + "/"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stop() {
    cut();
    try {
      if (door != null) {
        door.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } finally {
      mend();
    }
  }

  /** Ends all connections, and refuses new ones from now on. */
  public static void cut() {
    REFUSED.set(0);
    cut = true;
    LINES.forEach(DatabaseLine::close);
  }

  /** Lets connections through again. */
  public static void mend() {
    cut = false;
  }

  /** From now on nothing goes through the connections that there are; new ones are let through. */
  public static void freeze() {
    FREEZES.incrementAndGet();
  }

  /** How many connections were refused since the line was cut. */
  public static int refused() {
    return REFUSED.get();
  }

  private static void take(ServerSocket door, int port) {
    while (!door.isClosed()) {
      try {
        Socket near = door.accept();
        if (cut) {
          REFUSED.incrementAndGet();
          near.close();
          continue;
        }
        Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
        LINES.add(near);
        LINES.add(far);
        int born = FREEZES.get();
        Thread.ofVirtual().start(() -> carry(near, far, born));
        Thread.ofVirtual().start(() -> carry(far, near, born));
        if (cut) {
          close(near);
          close(far);
        }
      } catch (IOException e) {
        // The new connection finds the line dead.
      }
    }
  }

  private static void carry(Socket from, Socket to, int born) {
    try (from;
        to) {
      InputStream said = from.getInputStream();
      OutputStream heard = to.getOutputStream();
      byte[] some = new byte[8192];
      for (int read = said.read(some); read >= 0; read = said.read(some)) {
        if (FREEZES.get() == born) {
          heard.write(some, 0, read);
        }
      }
    } catch (IOException e) {
      // The line was cut.
    } finally {
      LINES.remove(from);
      LINES.remove(to);
    }
  }

  private static void close(Socket line) {
    try {
      line.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }
}
