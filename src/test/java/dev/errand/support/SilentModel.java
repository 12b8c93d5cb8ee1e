package dev.errand.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A model's server that takes requests, answers none, and notices when a caller hangs up. */
public final class SilentModel implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final ServerSocket server;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final Semaphore asked = new Semaphore(0);
  private final Semaphore hungUp = new Semaphore(0);

  public SilentModel() {
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** The base URL, for {@code openai.base_url}. */
  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/v1";
  }

  /** Waits until one more caller has asked; false when none does. */
  public boolean awaitRequest() throws InterruptedException {
    return asked.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Waits until one more caller has hung up; false when none does. */
  public boolean awaitHangUp() throws InterruptedException {
    return hungUp.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> listen(socket));
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  private void listen(Socket socket) {
    try (InputStream in = socket.getInputStream()) {
      byte[] some = new byte[8192];
      int read = in.read(some);
      if (read > 0) {
        asked.release();
      }
      while (read >= 0) {
        read = in.read(some);
      }
    } catch (IOException e) {
      // A reset is a way to hang up too.
    }
    hungUp.release();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
