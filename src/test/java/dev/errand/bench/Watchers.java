package dev.errand.bench;

import dev.errand.support.Api;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that watch one run each and note when entries come. They cost as little as they can. */
final class Watchers implements AutoCloseable {
  private final List<Socket> sockets = new ArrayList<>();
  private final long[][] arrived;
  private final AtomicLong entries = new AtomicLong();

  /** Clients of so many runs, which have so many entries at most. */
  Watchers(int runs, int entries) {
    arrived = new long[runs][entries];
  }

  /** Begins to watch a run. */
  void watch(int port, int number, String path) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    sockets.add(socket);
    socket
        .getOutputStream()
        .write(
            ("GET "
                    + path
                    + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                    + "Cookie: sessionId="
                    + Api.SESSION
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    Thread.ofVirtual().start(() -> read(socket, arrived[number]));
  }

  // The lines between the chunks of the body are of no meaning here and are passed over.
  private void read(Socket socket, long[] times) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 1024)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id:")) {
          times[Integer.parseInt(line.substring(3).strip())] = System.nanoTime();
          entries.incrementAndGet();
        }
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  /** How many entries have come. */
  long entries() {
    return entries.get();
  }

  /**
   * The milliseconds from commits to arrivals, sorted.
   *
   * @param committed when each entry of each run was committed; 0 where it was not
   */
  double[] tookMs(long[][] committed) {
    List<Double> took = new ArrayList<>();
    for (int run = 0; run < committed.length; run++) {
      for (int entry = 0; entry < committed[run].length; entry++) {
        if (committed[run][entry] != 0 && arrived[run][entry] != 0) {
          took.add(Math.max(0, (arrived[run][entry] - committed[run][entry]) / 1e6));
        }
      }
    }
    double[] sorted = took.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
