package dev.errand.adapters.console.notice;

import dev.errand.automation.channel.ChannelService.TestResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page of a channel shows.
 *
 * @param notices those that use it
 * @param test how a test has just ended; null where none was made
 * @param message why an action was refused; null where none was
 */
public record ChannelPageView(
    ChannelItem item,
    List<NoticeItem> notices,
    @Nullable TestResult test,
    @Nullable String message) {}
