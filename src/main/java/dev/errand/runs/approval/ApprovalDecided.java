package dev.errand.runs.approval;

/** A question about a tool call is no longer open; for the metrics only. */
public record ApprovalDecided(ApprovalStatus status) {}
