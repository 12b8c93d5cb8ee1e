package dev.errand.tools.mcp;

import java.util.UUID;

/**
 * What is known of an installation's server is about to change in the current transaction, by a
 * call of one of its tools.
 */
public record ServerStateChanged(UUID installationId) {}
