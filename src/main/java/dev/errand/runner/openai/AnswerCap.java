package dev.errand.runner.openai;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Cuts a connection on which an answer grows too large. The REST client reads an answer whole
 * before anybody sees it, so that a server which goes on sending would fill the heap.
 */
final class AnswerCap extends ChannelInboundHandlerAdapter {
  private static final String NAME = "errand-answer-cap";
  private static final String BEFORE = "handler";

  private final long most;
  private long read;

  private AnswerCap(long most) {
    this.most = most;
  }

  /** Watches the connection of a request, once for all requests on it. */
  static void on(HttpClientRequest request, long most) {
    if (request.connection() instanceof ConnectionBase connection) {
      ChannelPipeline pipeline = connection.channel().pipeline();
      if (pipeline.get(NAME) == null && pipeline.get(BEFORE) != null) {
        pipeline.addBefore(BEFORE, NAME, new AnswerCap(most));
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpResponse) {
      read = 0;
    }
    if (message instanceof HttpContent content) {
      read += content.content().readableBytes();
    }
    if (read > most) {
      ReferenceCountUtil.release(message);
      var _ = context.close();
      return;
    }
    context.fireChannelRead(message);
  }
}
