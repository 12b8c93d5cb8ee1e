package dev.errand.adapters.console.notice;

import dev.errand.adapters.console.callback.DeliveryLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page of a notice shows.
 *
 * @param deliveries some of its deliveries, newest first
 * @param older the address of those before; null for none
 * @param message why an action was refused; null where none was
 */
public record NoticePageView(
    NoticeItem item,
    List<DeliveryLine> deliveries,
    @Nullable String older,
    @Nullable String message) {}
