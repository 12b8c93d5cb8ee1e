package dev.errand.adapters.console.notice;

import java.util.List;

/** What the page with the channels and the notices of a profile shows. */
public record NoticeListView(List<ChannelItem> channels, List<NoticeItem> notices) {}
