package dev.errand.identity.audit;

/**
 * Event: a line was added to the audit in the current transaction. Observers after its success
 * learn of everything that was changed in this process.
 *
 * @param action what was done
 */
public record Audited(AuditAction action) {}
