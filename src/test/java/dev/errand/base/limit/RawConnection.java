package dev.errand.base.limit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** A client that sends what it is told to, and gives up after a while. */
final class RawConnection implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int PACE_MS = 200;

  private final Socket socket = new Socket();
  private final long end = System.nanoTime() + PATIENCE.toNanos();

  RawConnection(URI server) throws IOException {
    this(server, InetAddress.getLoopbackAddress());
  }

  /** A connection from one of this machine's addresses. */
  RawConnection(URI server, InetAddress from) throws IOException {
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
    socket.setSoTimeout(PACE_MS);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends a start, and then the same byte again and again until an answer comes. */
  String trickle(String start, char more) throws IOException {
    String text = start;
    while (System.nanoTime() < end) {
      try {
        send(text);
        int first = socket.getInputStream().read();
        return first < 0 ? "" : (char) first + answer();
      } catch (SocketTimeoutException e) {
        text = String.valueOf(more);
      } catch (SocketException e) {
        return "";
      }
    }
    throw new AssertionError("nothing came within " + PATIENCE);
  }

  /** Whether the server has closed the connection, found out by sending and without reading. */
  boolean refuses(String text) {
    try {
      send(text);
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** One answer that says its length. */
  String answer() throws IOException {
    StringBuilder answer = new StringBuilder();
    int length = -1;
    while (System.nanoTime() < end) {
      try {
        int next = socket.getInputStream().read();
        if (next < 0) {
          return answer.toString();
        }
        answer.append((char) next);
        int head = answer.indexOf("\r\n\r\n");
        if (head >= 0 && length < 0) {
          length = head + 4 + lengthIn(answer.substring(0, head));
        }
        if (answer.length() == length) {
          return answer.toString();
        }
      } catch (SocketTimeoutException e) {
        // It may still come.
      }
    }
    throw new AssertionError("no answer within " + PATIENCE + ", but " + answer);
  }

  private static int lengthIn(String head) {
    for (String line : head.lines().toList()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring("content-length:".length()).strip());
      }
    }
    return 0;
  }

  /** Reads until a text has come. */
  boolean read(String text) throws IOException {
    StringBuilder all = new StringBuilder();
    while (System.nanoTime() < end && all.indexOf(text) < 0) {
      try {
        int next = socket.getInputStream().read();
        if (next < 0) {
          return false;
        }
        all.append((char) next);
      } catch (SocketTimeoutException e) {
        // It may still come.
      }
    }
    return all.indexOf(text) >= 0;
  }

  boolean isClosed() throws IOException {
    while (System.nanoTime() < end) {
      try {
        if (socket.getInputStream().read() < 0) {
          return true;
        }
      } catch (SocketTimeoutException e) {
        // It is still open.
      } catch (SocketException e) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
