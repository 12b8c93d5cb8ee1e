package dev.errand.adapters.console.page;

import org.jspecify.annotations.Nullable;

/**
 * A run as a line of a list.
 *
 * @param task the name of its task
 * @param status pending, running, ready or error
 * @param code the code of its error; null where it did not fail
 * @param took how long it has taken; empty while it has not begun
 * @param tokens how many it has used; empty for none
 */
public record RunLine(
    long id,
    String name,
    String address,
    String task,
    String taskAddress,
    String status,
    @Nullable String code,
    ShownCause cause,
    PageTime created,
    String took,
    String tokens,
    String cost) {}
