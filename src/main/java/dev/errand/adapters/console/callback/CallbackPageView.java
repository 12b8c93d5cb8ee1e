package dev.errand.adapters.console.callback;

import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page of a callback shows.
 *
 * @param task the name of its task
 * @param taskAddress the page of its task
 * @param url its address; only its server for users who may not change it
 * @param events the events that it receives
 * @param include the parts of the run that they contain; empty for none
 * @param secretHints the end of each secret
 * @param off when it was switched off; null where it is on
 * @param deliveries some of its deliveries, newest first
 * @param older the address of those before; null for none
 * @param message why an action was refused; null where none was
 */
public record CallbackPageView(
    String task,
    String taskAddress,
    String address,
    String url,
    String events,
    String include,
    String secretHints,
    @Nullable PageTime off,
    List<DeliveryLine> deliveries,
    @Nullable String older,
    @Nullable String message) {}
