package dev.errand.base.limit;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** A body of unknown length, read up to a limit. */
final class CountedBody extends InputStream {
  private static final int CHUNK = 8192;

  private final InputStream body;
  private final long most;
  private long read;

  CountedBody(InputStream body, long most) {
    this.body = body;
    this.most = most;
  }

  @Override
  public int read() throws IOException {
    int next = body.read();
    count(next < 0 ? 0 : 1);
    return next;
  }

  @Override
  public int read(byte[] to, int start, int length) throws IOException {
    int came = body.read(to, start, length);
    count(Math.max(came, 0));
    return came;
  }

  @Override
  public int available() throws IOException {
    return body.available();
  }

  // Closing the body itself would read the rest without counting it.
  @Override
  public void close() throws IOException {
    byte[] rest = new byte[CHUNK];
    int came = 0;
    while (came >= 0 && read <= most) {
      came = read(rest, 0, CHUNK);
    }
  }

  private void count(int came) {
    read += came;
    if (read > most) {
      throw new ApiException(
          ErrorCode.TOO_LARGE, tooLarge(most), List.of(), Map.of("Connection", "close"));
    }
  }

  static String tooLarge(long most) {
    return "A body may have " + most + " bytes at the most.";
  }
}
