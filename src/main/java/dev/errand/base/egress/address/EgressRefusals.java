package dev.errand.base.egress.address;

/** Is told of calls that were refused; it neither waits nor fails. Any thread may tell. */
@FunctionalInterface
public interface EgressRefusals {
  /** A call was refused. */
  void refused(EgressRefusedException.Reason reason);
}
