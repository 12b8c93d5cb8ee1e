package dev.errand.base.egress.client;

import dev.errand.base.json.Coded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** A content coding of an answer's body, which it decodes up to a limit. */
enum BodyCoding {
  /** As it is. */
  PLAIN {
    @Override
    InputStream open(byte[] packed) {
      return new ByteArrayInputStream(packed);
    }
  },
  /** {@code gzip}, of one or several members. */
  GZIP {
    @Override
    InputStream open(byte[] packed) throws IOException {
      return new GZIPInputStream(new ByteArrayInputStream(packed));
    }
  },
  /** {@code deflate}, with the zlib frame that the standard wants or without. */
  DEFLATE {
    @Override
    InputStream open(byte[] packed) {
      boolean framed =
          packed.length > 1
              && (packed[0] & 0x0f) == 8
              && (Byte.toUnsignedInt(packed[0]) << 8 | Byte.toUnsignedInt(packed[1])) % 31 == 0;
      Inflater inflater = new Inflater(!framed);
      return new InflaterInputStream(new ByteArrayInputStream(packed), inflater) {
        @Override
        public void close() throws IOException {
          super.close();
          // Memory outside the heap; one that was passed in would be freed only by a garbage
          // collection.
          inflater.end();
        }
      };
    }
  };

  /** What packing may add to a body that doesn't shrink, in bytes. */
  private static final int OVERHEAD = 1024;

  /** The coding that a {@code Content-Encoding} names; what was not asked for stays packed. */
  static BodyCoding of(String contentEncoding) {
    return switch (contentEncoding.strip().toLowerCase(Locale.ROOT)) {
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      default -> PLAIN;
    };
  }

  abstract InputStream open(byte[] packed) throws IOException;

  /** The most bytes on the wire that can hold so many bytes of body. */
  long mostPacked(int maxBytes) {
    return this == PLAIN ? maxBytes : maxBytes + maxBytes / 512L + OVERHEAD;
  }

  /**
   * Decodes no more than the limit, so that a decompression bomb can't fill the memory.
   *
   * @throws IOException when there is more than {@code maxBytes} or it is damaged
   */
  byte[] unpack(byte[] packed, int maxBytes, String place) throws IOException {
    if (packed.length == 0) {
      return packed;
    }
    byte[] body;
    boolean more;
    try (InputStream in = open(packed)) {
      body = in.readNBytes(maxBytes);
      more = in.read() >= 0;
    } catch (IOException e) {
      throw new IOException(place + " answered with a damaged " + this + " body.", e);
    }
    if (more) {
      throw new AnswerTooLargeException(place, maxBytes);
    }
    return body;
  }

  @Override
  public String toString() {
    return Coded.codeOf(this);
  }
}
