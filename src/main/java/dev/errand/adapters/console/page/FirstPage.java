package dev.errand.adapters.console.page;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.page.PagePaths;
import dev.errand.identity.page.SignedInUser;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.task.TaskService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.Optional;

/** Finds the page that people who name none get to, such as after an invitation. */
@ApplicationScoped
class FirstPage {
  private final SignedInUser users;
  private final ProfileAccess access;
  private final TaskService tasks;

  FirstPage(SignedInUser users, ProfileAccess access, TaskService tasks) {
    this.users = users;
    this.access = access;
    this.tasks = tasks;
  }

  /**
   * The path of the home of the user's profile named {@value Profile#DEFAULT}, or else of the first
   * one. While that has no task, it is the profile that was last shared with the user.
   *
   * @return relative to the base of the service
   * @throws ApiException {@link ErrorCode#UNAUTHENTICATED}, or {@link ErrorCode#PROFILE_NOT_FOUND}
   *     where the user may see no profile
   */
  String path() {
    Caller caller = users.require().caller();
    Optional<ProfileSlug> own =
        access.allOf(caller, caller.username(), Right.SEE).stream()
            .min(
                Comparator.comparing((Profile profile) -> !profile.name().equals(Profile.DEFAULT))
                    .thenComparing(Profile::name))
            .map(Profile::slug);
    return own.filter(slug -> tasks.hasAny(caller, slug))
        .or(() -> access.lastShared(caller))
        .or(() -> own)
        .map(slug -> PagePaths.home(slug.user(), slug.name()).substring(1))
        .orElseThrow(
            () ->
                new ApiException(ErrorCode.PROFILE_NOT_FOUND, "You have no profile: create one."));
  }
}
