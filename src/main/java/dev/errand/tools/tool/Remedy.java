package dev.errand.tools.tool;

/** Says how a call gets what it lacked. Any thread may ask. */
public interface Remedy {
  /** Says nothing. */
  Remedy NONE =
      new Remedy() {
        @Override
        public String ofHost(String host) {
          return "";
        }

        @Override
        public void unset(String key) {}
      };

  /** A sentence on how a host is granted that the call was refused; may be empty. */
  String ofHost(String host);

  /** Notes that the call asked for a setting that has no value. */
  void unset(String key);
}
