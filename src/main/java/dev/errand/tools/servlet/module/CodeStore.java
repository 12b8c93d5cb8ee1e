package dev.errand.tools.servlet.module;

import java.util.Optional;

/**
 * Port to a persistent store of compiled code. Its code is executed in this process, so it must
 * return only what a trusted host stored under the same address and engine. Neither method throws;
 * a store that does not work only makes loading slower.
 */
public interface CodeStore {
  /** Stores nothing. */
  CodeStore NONE =
      new CodeStore() {
        @Override
        public Optional<byte[]> find(String address, String engine) {
          return Optional.empty();
        }

        @Override
        public void keep(String address, String engine, byte[] code) {
          // Not stored.
        }
      };

  /**
   * The stored code, if it exists, is complete and authentic.
   *
   * @param engine the engine that compiled the code and can run it, as given to {@link #keep}
   */
  Optional<byte[]> find(String address, String engine);

  /** Stores code, and replaces code of the same address and engine. */
  void keep(String address, String engine, byte[] code);
}
