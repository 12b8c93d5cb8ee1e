package dev.errand.identity.page;

import java.util.List;

/**
 * What the frame of each page needs.
 *
 * @param base the path under which the service is reached from outside, without a slash at its end;
 *     empty at the root of its host
 * @param scripts the addresses of the scripts, in the order in which they run
 */
public record PageFrame(String base, String style, List<String> scripts) {}
