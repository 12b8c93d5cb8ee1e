package dev.errand.identity.audit;

/**
 * Event: a line was added to the audit in the current transaction. Observers after its success are
 * notified of every change that this process made.
 */
public record Audited(AuditAction action) {}
