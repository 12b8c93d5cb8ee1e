package dev.errand.adapters.console.page;

import org.jspecify.annotations.Nullable;

/**
 * A run as a line of a list.
 *
 * @param id its id
 * @param name its name
 * @param address its page
 * @param task the name of its task
 * @param taskAddress the task's page
 * @param status pending, running, ready or error
 * @param code the code of its error; null where it did not fail
 * @param cause what started it
 * @param created when it was started
 * @param took how long it has taken; empty while it has not begun
 * @param tokens how many it has used; empty for none
 * @param cost what it has cost
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
