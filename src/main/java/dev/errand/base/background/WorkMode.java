package dev.errand.base.background;

/** Whether a process works in the background. */
public enum WorkMode {
  /** A loop in the background. */
  LOOP,
  /** Only on request. */
  REQUEST
}
