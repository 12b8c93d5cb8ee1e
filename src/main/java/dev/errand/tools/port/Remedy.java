package dev.errand.tools.port;

/** Explains how a call can get a host or a setting that it lacked. Thread-safe. */
public interface Remedy {
  /** Explains nothing. */
  Remedy NONE =
      new Remedy() {
        @Override
        public String ofHost(String host) {
          return "";
        }

        @Override
        public void unset(String key) {}
      };

  /** A sentence on how to grant a host that was refused; may be empty. */
  String ofHost(String host);

  /** Records that the call read a setting without a value. */
  void unset(String key);
}
