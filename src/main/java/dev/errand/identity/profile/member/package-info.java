/** Members of profiles: who shares a profile, and in what role. */
@NullMarked
package dev.errand.identity.profile.member;

import org.jspecify.annotations.NullMarked;
