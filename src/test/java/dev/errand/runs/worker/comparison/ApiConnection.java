package dev.errand.runs.worker.comparison;

import dev.errand.support.Api;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection to the API that is kept between requests, with as little work as it can have. */
final class ApiConnection implements AutoCloseable {
  private static final String LENGTH = "content-length:";

  private final URI runs;
  private final Socket socket;
  private final InputStream in;

  /**
   * Connects.
   *
   * @param runs the runs of a task
   */
  ApiConnection(URI runs) throws IOException {
    this.runs = runs;
    socket = new Socket(runs.getHost(), runs.getPort());
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /**
   * Starts a run whose parameter {@code n} is its name.
   *
   * @throws java.io.EOFException when the service has closed the connection
   */
  void start(String run) throws IOException {
    String body = "{\"parameters\":{\"n\":\"" + run + "\"}}";
    socket
        .getOutputStream()
        .write(
            ("PUT "
                    + runs.getPath()
                    + run
                    + " HTTP/1.1\r\nHost: "
                    + runs.getAuthority()
                    + "\r\nCookie: sessionId="
                    + Api.SESSION
                    + "\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
                .getBytes(StandardCharsets.US_ASCII));
    String status = line();
    int length = -1;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
        length = Integer.parseInt(header.substring(LENGTH.length()).strip());
      }
    }
    byte[] answer = in.readNBytes(Math.max(0, length));
    if (!status.startsWith("HTTP/1.1 201") || length < 0) {
      throw new IOException(status + ": " + new String(answer, StandardCharsets.UTF_8));
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("The connection was closed.");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
