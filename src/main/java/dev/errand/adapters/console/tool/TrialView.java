package dev.errand.adapters.console.tool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page on which a tool is called.
 *
 * @param page the page of the installation
 * @param on whether it is switched on
 * @param schema the JSON Schema of its arguments
 * @param fields the fields of the form
 * @param takesOthers whether there may be arguments that have no field
 * @param others these, as JSON
 * @param message why the form was refused; null where it was not
 * @param result the answer of the tool; null where it was not called
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
