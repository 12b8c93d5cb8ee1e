package dev.errand.tools.port;

import java.util.UUID;

/**
 * Tools of an installation can't be called any more: it was uninstalled, some of its tools were
 * switched off, or all of them are off until somebody accepts how they have changed. It is fired in
 * the transaction that does so.
 */
public record InstallationGone(UUID installationId) {}
