package dev.errand.tools.tool;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf tools are called.
 *
 * @param profileId the profile in which they are installed
 * @param runId the run whose model calls them; null where a person does
 */
public record ToolUser(UUID profileId, @Nullable Long runId) {}
