package dev.errand.app.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/**
 * A program whose virtual threads hold both carriers while each waits for a byte from the port that
 * it is given; it ends when all have theirs.
 */
final class PinnedReads {
  private static final CountDownLatch BEGUN = new CountDownLatch(2);

  private static volatile int port;

  private PinnedReads() {}

  /** Given {@code as-errand}, it begins as Errand does. */
  public static void main(String... arguments) throws InterruptedException {
    if (arguments[1].equals("as-errand")) {
      Errand.waitForSocketsOnPlatformThreads();
    }
    port = Integer.parseInt(arguments[0]);
    Thread one = Thread.ofVirtual().start(One::read);
    Thread other = Thread.ofVirtual().start(Other::read);
    BEGUN.await();
    Thread free = Thread.ofVirtual().start(PinnedReads::readOne);
    one.join();
    other.join();
    free.join();
  }

  private static int readOne() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.getInputStream().read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int pinned() {
    BEGUN.countDown();
    return readOne();
  }

  /** A class whose initialiser reads: a thread in there can't leave its carrier. */
  private static final class One {
    static final int BYTE = pinned();

    static int read() {
      return BYTE;
    }
  }

  /** Another. */
  private static final class Other {
    static final int BYTE = pinned();

    static int read() {
      return BYTE;
    }
  }
}
