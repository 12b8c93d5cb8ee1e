package dev.errand.tools.port;

/**
 * What the author of a tool says of its calls. Nobody checks it, so it decides nothing by itself.
 *
 * @param readOnly whether they change nothing
 * @param destructive whether they may overwrite or delete something, and not only add to it
 */
public record ToolHints(boolean readOnly, boolean destructive) {}
