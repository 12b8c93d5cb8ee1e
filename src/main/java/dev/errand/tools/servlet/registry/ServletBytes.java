package dev.errand.tools.servlet.registry;

import java.io.IOException;
import java.io.InputStream;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * The bytes of a version, which are read from the database part by part: a download whose client
 * reads nothing holds one part in memory, and no connection.
 */
public final class ServletBytes extends InputStream {
  // PostgreSQL decompresses a module from its start to read a part of it.
  private static final int PART = 2 * 1024 * 1024;

  private final int size;
  private final Source source;
  private byte[] part = {};
  private int partStart;
  private int position;

  /** Where the parts come from. */
  interface Source {
    /**
     * Some bytes.
     *
     * @throws NoSuchElementException when they can no longer be read
     */
    byte[] read(int from, int most);
  }

  ServletBytes(int size, Source source) {
    this.size = size;
    this.source = source;
  }

  public int size() {
    return size;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int start, int length) throws IOException {
    Objects.checkFromIndexSize(start, length, to.length);
    if (position == size) {
      return -1;
    }
    if (position == partStart + part.length) {
      readPart();
    }
    int count = Math.min(length, partStart + part.length - position);
    System.arraycopy(part, position - partStart, to, start, count);
    position += count;
    return count;
  }

  private void readPart() throws IOException {
    try {
      part = source.read(position, PART);
    } catch (NoSuchElementException e) {
      throw new IOException("The bytes were withdrawn while they were sent.", e);
    }
    if (part.length == 0) {
      throw new IOException("The bytes end at " + position + " of " + size + ".");
    }
    partStart = position;
  }
}
