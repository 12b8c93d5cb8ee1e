package dev.errand.base.egress.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ServerSocketFactory;

/** A server on loopback that says what it is told to say, HTTP or not. */
public final class TestServer implements AutoCloseable {

  /** What it does with a request, the whole of which was read. */
  @FunctionalInterface
  public interface Script {
    void answer(String request, InputStream in, OutputStream out)
        throws IOException, InterruptedException;
  }

  private final ServerSocket listener;
  private final Script script;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);

  public TestServer(ServerSocketFactory factory, String address, int port, Script script)
      throws IOException {
    this.listener = factory.createServerSocket(port, 50, InetAddress.ofLiteral(address));
    this.script = script;
    Thread.ofVirtual().start(this::accept);
  }

  static TestServer on(String address, int port, Script script) throws IOException {
    return new TestServer(ServerSocketFactory.getDefault(), address, port, script);
  }

  public static TestServer running(Script script) throws IOException {
    return on("127.0.0.1", 0, script);
  }

  public static TestServer answering(String answer) throws IOException {
    return running((_, _, out) -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1)));
  }

  public static TestServer redirecting(int status, String location) throws IOException {
    return answering(redirect(status, location));
  }

  public static String redirect(int status, String location) {
    return "HTTP/1.1 %d Elsewhere\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
        .formatted(status, location);
  }

  public static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(body.length(), body);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Heads and bodies of the requests so far. */
  public List<String> requests() {
    return requests;
  }

  /** Waits until a request has come. */
  void awaitRequest() throws InterruptedException {
    asked.await();
  }

  /** Waits until a client has cut its connection while this server was still writing or reading. */
  public void awaitCut() throws InterruptedException {
    left.await();
  }

  /** Reads until the client cuts the connection. */
  public static void untilCut(InputStream in) throws IOException {
    while (in.read() >= 0) {}
    throw new IOException("cut");
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      String request = read(in);
      requests.add(request);
      asked.countDown();
      OutputStream out = socket.getOutputStream();
      script.answer(request, in, out);
      out.flush();
    } catch (IOException cut) {
      left.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("cut");
      }
      head.write(next);
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    int length =
        text.toLowerCase(Locale.ROOT)
            .lines()
            .filter(line -> line.startsWith("content-length:"))
            .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
            .findFirst()
            .orElse(0);
    return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
