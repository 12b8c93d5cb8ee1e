package dev.errand.tools.servlet.module;

import java.util.Optional;

/**
 * Keeps compiled code from one process to the next. What it answers is run as code: it must be what
 * was kept under the same address and engine by somebody who is trusted as this host is, and
 * nothing else. Neither method throws or fails; a store that can't do its work is only slower.
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
