package dev.errand.support;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Puts between Errand and {@link TestDatabase} something that can make all connections go silent
 * without closing one, as a firewall does, while new ones are let through.
 */
public final class FreezingDatabase implements QuarkusTestResourceLifecycleManager {
  private static final AtomicInteger FREEZES = new AtomicInteger();

  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private @Nullable ServerSocket server;

  /** From now on nothing goes through the connections that there are. */
  public static void freeze() {
    FREEZES.incrementAndGet();
  }

  @Override
  public int order() {
    // After the database.
    return 1;
  }

  @Override
  public Map<String, String> start() {
    String url = TestDatabase.url();
    URI real = URI.create(url.substring("jdbc:".length()));
    try {
      ServerSocket opened = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
      server = opened;
      Thread.ofPlatform().daemon().start(() -> accept(opened, real));
      return Map.of(
          "quarkus.datasource.jdbc.url",
          url.replace(
              real.getRawAuthority(),
              opened.getInetAddress().getHostAddress() + ":" + opened.getLocalPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket from, URI real) {
    try {
      while (true) {
        Socket client = from.accept();
        Socket there = new Socket(real.getHost(), real.getPort());
        sockets.add(client);
        sockets.add(there);
        int born = FREEZES.get();
        Thread.ofPlatform().daemon().start(() -> pass(client, there, born));
        Thread.ofPlatform().daemon().start(() -> pass(there, client, born));
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  private static void pass(Socket from, Socket to, int born) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] some = new byte[8192];
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        if (FREEZES.get() == born) {
          out.write(some, 0, read);
        }
      }
    } catch (IOException e) {
      // Either end hung up.
    }
  }

  @Override
  public void stop() {
    try {
      if (server != null) {
        server.close();
      }
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
