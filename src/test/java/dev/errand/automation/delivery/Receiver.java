package dev.errand.automation.delivery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.errand.support.Eventually;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A server that is called back, and remembers by what. */
public final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Function<Call, Reply> script = call -> new Reply(204, "", "");

  /**
   * A request that came.
   *
   * @param path its path
   * @param method its method
   * @param id the header webhook-id
   * @param timestamp the header webhook-timestamp
   * @param signature the header webhook-signature
   * @param traceparent the header traceparent
   * @param authorization the header authorization
   * @param body its body
   */
  public record Call(
      String path,
      String method,
      String id,
      String timestamp,
      String signature,
      String traceparent,
      String authorization,
      String body) {

    /** The signature that a receiver works out by itself, from nothing of Errand's. */
    public String expected(String secret) {
      try {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring(6)), "HmacSHA256"));
        String signed = id + "." + timestamp + "." + body;
        return "v1,"
            + Base64.getEncoder()
                .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * What it answers.
   *
   * @param status the status; 0 cuts the connection
   * @param header the name of a header field, or an empty text
   * @param value what the field says
   * @param body its body, in chunks; null for none
   */
  public record Reply(int status, String header, String value, @Nullable Body body) {
    /** One without a body. */
    public Reply(int status, String header, String value) {
      this(status, header, value, null);
    }
  }

  /** Writes the body of an answer; what it throws cuts the answer off. */
  @FunctionalInterface
  public interface Body {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  public Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  public void script(Function<Call, Reply> answers) {
    script = answers;
  }

  public void answer(int status) {
    script = call -> new Reply(status, "", "");
  }

  /** Every call so far, in order. */
  public List<Call> calls() {
    return calls;
  }

  /** The calls, once there are that many. */
  public List<Call> await(int number) {
    Eventually.await(number + " calls", () -> calls.size() >= number);
    return calls;
  }

  private void answer(HttpExchange exchange) throws IOException {
    Call call =
        new Call(
            exchange.getRequestURI().toString(),
            exchange.getRequestMethod(),
            header(exchange, "webhook-id"),
            header(exchange, "webhook-timestamp"),
            header(exchange, "webhook-signature"),
            header(exchange, "traceparent"),
            header(exchange, "authorization"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    calls.add(call);
    Reply reply = script.apply(call);
    if (reply.status() == 0) {
      exchange.close();
      return;
    }
    if (!reply.header().isEmpty()) {
      exchange.getResponseHeaders().set(reply.header(), reply.value());
    }
    Body body = reply.body();
    exchange.sendResponseHeaders(reply.status(), body == null ? -1 : 0);
    if (body != null) {
      try {
        exchange.getResponseBody().flush();
        body.write(exchange.getResponseBody());
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    exchange.close();
  }

  private static String header(HttpExchange exchange, String name) {
    List<String> values = exchange.getRequestHeaders().get(name);
    return values == null ? "" : String.join("|", values);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
