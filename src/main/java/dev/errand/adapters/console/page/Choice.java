package dev.errand.adapters.console.page;

/**
 * An option of a form.
 *
 * @param value what the form sends
 * @param text what the page says
 * @param chosen whether it is chosen
 */
public record Choice(String value, String text, boolean chosen) {}
