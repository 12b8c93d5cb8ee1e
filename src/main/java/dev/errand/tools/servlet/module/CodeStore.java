package dev.errand.tools.servlet.module;

import java.util.Optional;

/**
 * Port to a persistent store of compiled code. Its code is executed in this process, so it must
 * return only what a trusted host stored under the same address and engine. Neither method throws;
 * a store that does not work only makes loading slower.
 */
public interface CodeStore {
  /** Keeps nothing. */
  CodeStore NONE =
      new CodeStore() {
        @Override
        public Optional<byte[]> find(String address, String engine) {
          return Optional.empty();
        }

        @Override
        public void keep(String address, String engine, byte[] code) {
          // Kept nowhere.
        }
      };

  /**
   * The code that was kept, if it is there, whole and authentic.
   *
   * @param address the content address of the module
   * @param engine what made the code and can run it, as {@link #keep} was told
   */
  Optional<byte[]> find(String address, String engine);

  /** Keeps code, in place of what may be kept under the same address and engine. */
  void keep(String address, String engine, byte[] code);
}
