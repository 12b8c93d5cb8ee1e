package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.RequestView;
import org.jspecify.annotations.Nullable;

/**
 * The page of one entry.
 *
 * @param run the name of its run
 * @param address the page of the run
 * @param number its number, from 0
 * @param json all of it, indented
 * @param request the request to the model that led to it; null where there is none
 * @param lacking why the request can't be shown; null where it can, or there is none
 */
public record EntryPageView(
    String run,
    String address,
    int number,
    String json,
    @Nullable RequestView request,
    @Nullable String lacking) {}
