package dev.errand.egress;

import io.vertx.core.AsyncResult;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * One request to one address and what comes back. Runs on one event loop, by which its state needs
 * no lock; the caller sees it through the two futures and ends it by {@link #cut}.
 */
final class Exchange {

  /**
   * What came back, the body as it was on the wire.
   *
   * @param status the HTTP status
   * @param headers the header fields
   * @param body the body; empty when the status is one of a redirect, or none is wanted
   */
  record Reply(int status, MultiMap headers, byte[] body) {

    BodyCoding coding() {
      return coding(headers);
    }

    private static BodyCoding coding(MultiMap headers) {
      String coding = String.join(",", headers.getAll("content-encoding"));
      return BodyCoding.of(coding);
    }
  }

  private final Call call;
  private final int maxBytes;
  private final CompletableFuture<HttpClientRequest> connected = new CompletableFuture<>();
  private final CompletableFuture<Reply> replied = new CompletableFuture<>();
  private final Buffer body = Buffer.buffer();

  Exchange(Call call, int maxBytes) {
    this.call = call;
    this.maxBytes = maxBytes;
  }

  /** Done when the connection stands, TLS included; nothing was sent when it fails. */
  CompletableFuture<HttpClientRequest> connected() {
    return connected;
  }

  /** Done when the whole answer is here. */
  CompletableFuture<Reply> replied() {
    return replied;
  }

  /** Connects and sends; to be called on an event loop. */
  void start(HttpClient client, InetAddress address) {
    Target target = call.target();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.valueOf(call.method()))
            .setSsl(target.secure())
            // The name is for the Host field, SNI and the certificate; the address alone decides
            // where the bytes go.
            .setHost(target.host().name())
            .setPort(target.port())
            .setServer(
                SocketAddress.inetSocketAddress(new InetSocketAddress(address, target.port())))
            .setURI(target.path())
            .setFollowRedirects(false);
    for (Map.Entry<String, String> field : call.headers().entrySet()) {
      options.putHeader(field.getKey(), field.getValue());
    }
    try {
      client.request(options).onComplete(this::connected);
    } catch (IllegalStateException closed) {
      connected.completeExceptionally(closed);
    }
  }

  /** Ends it, whatever it is at; from any thread, and without effect when it has ended. */
  void cut() {
    if (!connected.cancel(false) && !connected.isCompletedExceptionally()) {
      connected.join().connection().close();
    }
  }

  private void connected(AsyncResult<HttpClientRequest> result) {
    if (result.failed()) {
      connected.completeExceptionally(result.cause());
      return;
    }
    HttpClientRequest request = result.result();
    request.exceptionHandler(replied::completeExceptionally);
    // Without it, whatever a hostile server sends would fill the log with errors.
    request.connection().exceptionHandler(replied::completeExceptionally);
    if (!connected.complete(request)) {
      request.connection().close();
      return;
    }
    request.response().onSuccess(this::receive).onFailure(replied::completeExceptionally);
    boolean bodyless =
        call.body().length == 0
            && switch (call.method()) {
              case "POST", "PUT", "PATCH" -> false;
              default -> true;
            };
    (bodyless ? request.end() : request.end(Buffer.buffer(call.body())))
        .onFailure(replied::completeExceptionally);
  }

  private void receive(HttpClientResponse response) {
    response.exceptionHandler(replied::completeExceptionally);
    if (maxBytes == GuardedHttp.Request.NO_BODY
        || Redirect.isOne(response.statusCode(), response.getHeader("location"))) {
      // What a redirect says besides is not for the caller.
      replied.complete(new Reply(response.statusCode(), response.headers(), new byte[0]));
      return;
    }
    long most = Reply.coding(response.headers()).mostPacked(maxBytes);
    response.handler(chunk -> take(response, chunk, most));
    response.endHandler(
        _ ->
            replied.complete(
                new Reply(response.statusCode(), response.headers(), body.getBytes())));
  }

  private void take(HttpClientResponse response, Buffer chunk, long most) {
    if (body.length() + (long) chunk.length() > most) {
      response.handler(null);
      replied.completeExceptionally(new AnswerTooLargeException(call.target().place(), maxBytes));
      cut();
      return;
    }
    body.appendBuffer(chunk);
  }
}
