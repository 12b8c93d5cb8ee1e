package dev.errand.identity.auth;

import dev.errand.identity.account.SessionJoin;
import java.util.Optional;

/**
 * Port that reads the rows that the address of a request names, in the same statement as the
 * request's session. {@link AddressedRows} then holds them.
 */
public interface AddressReader {
  /**
   * The query for a request.
   *
   * @param path the path of its address, as it was sent
   * @return empty where the path names no such row
   */
  Optional<? extends SessionJoin<?>> join(String path);
}
