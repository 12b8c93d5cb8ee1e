package dev.errand.base.egress.address;

/**
 * Port that is notified of refused calls. It is called from any thread, and must neither block nor
 * fail.
 */
@FunctionalInterface
public interface EgressRefusals {
  void refused(EgressRefusedException.Reason reason);
}
