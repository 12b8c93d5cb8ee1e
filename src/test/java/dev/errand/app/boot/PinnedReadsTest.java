package dev.errand.app.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PinnedReadsTest {
  private static final int READERS = 3;
  private static final int PATIENCE_SECONDS = 60;

  @Test
  void socketsWakeThreadsThatPinAllCarriers() throws Exception {
    Path program = Path.of(System.getProperty("java.home"), "bin", "java");
    try (ServerSocket server = new ServerSocket(0, READERS, InetAddress.getLoopbackAddress())) {
      Process process =
          new ProcessBuilder(
                  program.toString(),
                  "-Djdk.virtualThreadScheduler.parallelism=2",
                  "-Djdk.virtualThreadScheduler.maxPoolSize=2",
                  "-cp",
                  Path.of("target", "test-classes")
                      + File.pathSeparator
                      + System.getProperty("java.class.path"),
                  PinnedReads.class.getName(),
                  Integer.toString(server.getLocalPort()),
                  "as-errand")
              .inheritIO()
              .start();
      try {
        answer(server);
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "all have read");
        assertEquals(0, process.exitValue());
      } finally {
        process.destroyForcibly();
      }
    }
  }

  // Bytes come only when the two that hold a carrier each wait for theirs.
  private static void answer(ServerSocket server) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      while (sockets.size() < 2) {
        sockets.add(server.accept());
      }
      for (Socket socket : sockets) {
        socket.getOutputStream().write(1);
      }
      sockets.add(server.accept());
      sockets.getLast().getOutputStream().write(1);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
