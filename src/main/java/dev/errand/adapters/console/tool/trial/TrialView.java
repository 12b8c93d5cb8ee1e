package dev.errand.adapters.console.tool.trial;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page on which a tool is called shows.
 *
 * @param installation the installation
 * @param page the page of the installation
 * @param tool the tool's name
 * @param description what it says that it does
 * @param on whether it is switched on
 * @param schema the JSON Schema of its arguments
 * @param fields the fields of the form
 * @param takesOthers whether there may be arguments that have no field
 * @param others these, as JSON
 * @param message why the form was refused; null where it was not
 * @param result what the tool answered; null where it was not called
 */
public record TrialView(
    String installation,
    String page,
    String tool,
    String description,
    boolean on,
    String schema,
    List<ArgumentField> fields,
    boolean takesOthers,
    String others,
    @Nullable String message,
    @Nullable TrialResult result) {}
