package dev.errand.runs.rate;

import java.util.Arrays;

/** The keyed digest of a server and a key, or of these and a model. */
final class RateId {
  private final byte[] digest;

  RateId(byte[] digest) {
    this.digest = digest;
  }

  byte[] digest() {
    return digest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RateId that && Arrays.equals(digest, that.digest);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(digest);
  }
}
