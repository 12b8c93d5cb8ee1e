package dev.errand.identity.auth;

import dev.errand.identity.account.SessionJoin;
import java.util.Optional;

/**
 * Port to the rows that the address of a request names, which are read in the same statement as the
 * request's session. {@link AddressedRows} then has them.
 */
public interface AddressReader {

  /**
   * The read for a request.
   *
   * @param path the path of its address, as it was sent
   * @return empty where the path names no such row
   */
  Optional<? extends SessionJoin<?>> join(String path);
}
