package dev.errand.base.limit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * The flow control of one connection of HTTP/2, which counts what of its answers waits for the
 * client to ask for it. The channel knows nothing of these before they are sent.
 */
final class StreamFlow implements Http2RemoteFlowController {
  /**
   * What an answer counts besides its bytes while its client asks for no more of it: its request
   * waits, too, and holds what it answers with. With HTTP/1.1 most of that would be with the
   * client's system.
   */
  static final long PER_ANSWER = 256L * 1024;

  private final Http2Connection connection;
  private final Http2RemoteFlowController controller;
  private final OpenConnections open;
  private volatile long waiting;
  private long bytes;
  private long sent;

  StreamFlow(Http2Connection connection, OpenConnections open) {
    this.connection = connection;
    this.controller = connection.remote().flowController();
    this.open = open;
  }

  /** How many bytes are held for what waits. Any thread may read it. */
  long waiting() {
    return waiting;
  }

  /** How many bytes were sent so far. */
  long sent() {
    return sent;
  }

  @Override
  public void addFlowControlled(Http2Stream stream, FlowControlled frame) {
    bytes += frame.size();
    controller.addFlowControlled(stream, new Counted(frame));
  }

  @Override
  public boolean hasFlowControlled(Http2Stream stream) {
    return controller.hasFlowControlled(stream);
  }

  @Override
  public void writePendingBytes() throws Http2Exception {
    controller.writePendingBytes();
    count();
  }

  /** Counts what waits, after frames were read or written. */
  void count() throws Http2Exception {
    long before = waiting;
    long[] blocked = {0};
    connection.forEachActiveStream(
        stream -> {
          if (isBlocked(stream)) {
            blocked[0]++;
          }
          return true;
        });
    waiting = bytes + PER_ANSWER * blocked[0];
    if (waiting > before) {
      open.sends(waiting - before);
    }
  }

  private boolean isBlocked(Http2Stream stream) {
    return stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE
        && (windowSize(stream) <= 0 || windowSize(connection.connectionStream()) <= 0);
  }

  @Override
  public void listener(Listener listener) {
    controller.listener(listener);
  }

  @Override
  public boolean isWritable(Http2Stream stream) {
    return controller.isWritable(stream);
  }

  @Override
  public void channelWritabilityChanged() throws Http2Exception {
    controller.channelWritabilityChanged();
  }

  @Override
  public void updateDependencyTree(int child, int parent, short weight, boolean exclusive) {
    controller.updateDependencyTree(child, parent, weight, exclusive);
  }

  @Override
  public ChannelHandlerContext channelHandlerContext() {
    return controller.channelHandlerContext();
  }

  @Override
  public void channelHandlerContext(ChannelHandlerContext ctx) throws Http2Exception {
    controller.channelHandlerContext(ctx);
  }

  @Override
  public void initialWindowSize(int newWindowSize) throws Http2Exception {
    controller.initialWindowSize(newWindowSize);
  }

  @Override
  public int initialWindowSize() {
    return controller.initialWindowSize();
  }

  @Override
  public int windowSize(Http2Stream stream) {
    return controller.windowSize(stream);
  }

  @Override
  public void incrementWindowSize(Http2Stream stream, int delta) throws Http2Exception {
    controller.incrementWindowSize(stream, delta);
  }

  /** Counts what is sent of a frame, and what is dropped with its stream. */
  private final class Counted implements FlowControlled {
    private final FlowControlled frame;

    Counted(FlowControlled frame) {
      this.frame = frame;
    }

    @Override
    public int size() {
      return frame.size();
    }

    @Override
    public void error(ChannelHandlerContext ctx, Throwable cause) {
      bytes -= size();
      frame.error(ctx, cause);
    }

    @Override
    public void writeComplete() {
      frame.writeComplete();
    }

    @Override
    public void write(ChannelHandlerContext ctx, int allowedBytes) {
      int before = size();
      try {
        frame.write(ctx, allowedBytes);
      } finally {
        int written = before - size();
        bytes -= written;
        sent += written;
      }
    }

    @Override
    public boolean merge(ChannelHandlerContext ctx, FlowControlled next) {
      return next instanceof Counted other && frame.merge(ctx, other.frame);
    }
  }
}
