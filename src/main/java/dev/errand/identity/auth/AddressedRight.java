package dev.errand.identity.auth;

import dev.errand.base.http.RequestRight;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.PathSegment;
import java.util.List;
import java.util.Set;

/**
 * The right that a request with a body needs, by its address. Services check rights, but a body is
 * read before they are called. When a body is refused, this class checks the right, so that nobody
 * without it learns what is wrong with the body. Other requests do not use it.
 */
@ApplicationScoped
class AddressedRight implements RequestRight {
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private final CurrentCaller caller;
  private final ProfileAccess access;

  AddressedRight(CurrentCaller caller, ProfileAccess access) {
    this.caller = caller;
    this.access = access;
  }

  @Override
  public void check(ContainerRequestContext request) {
    List<String> path =
        request.getUriInfo().getPathSegments().stream().map(PathSegment::getPath).toList();
    if (path.size() < 2
        || !path.getFirst().equals("api")
        || !WITH_BODY.contains(request.getMethod())) {
      return;
    }
    List<String> names = path.subList(2, path.size());
    switch (path.get(1)) {
      case "profiles" -> {
        if (names.size() == 2 && request.getMethod().equals("POST")) {
          // It creates the profile.
          caller.get().requireUnlimited(Scope.WRITE);
        } else if (names.size() >= 2) {
          inProfile(new ProfileSlug(names.get(0), names.get(1)), names.subList(2, names.size()));
        }
      }
      case "tasks" -> {
        if (names.size() == 3) {
          ofTask(new ProfileSlug(names.get(0), names.get(1)), names.get(2), Right.EDIT);
        }
      }
      case "users" ->
          caller
              .get()
              .requireUnlimited(
                  names.size() == 1 || names.get(1).equals("budgets") ? Scope.ADMIN : Scope.WRITE);
      case "oauth" -> caller.get().requireUnlimited(Scope.ADMIN);
      case "tokens" -> caller.get().require(Scope.WRITE);
      case "servlets" -> caller.get().require(Scope.SERVLETS);
      case "mcp" -> {
        if (names.equals(List.of("sse", "url"))) {
          toStream(caller.get());
        }
      }
      default -> {}
    }
  }

  private void inProfile(ProfileSlug profile, List<String> names) {
    Right right = right(names);
    if (names.size() > 1 && names.getFirst().equals("tasks")) {
      ofTask(profile, names.get(1), right);
    } else if (right == Right.APPROVE) {
      var _ = access.requireForList(caller.get(), profile, right);
    } else {
      var _ = access.require(caller.get(), profile, right);
    }
  }

  private void ofTask(ProfileSlug profile, String task, Right right) {
    var _ = access.requireOfTask(caller.get(), profile, task, right);
  }

  /** The right for an address below that of a profile. */
  private static Right right(List<String> names) {
    if (names.isEmpty() || Set.of("members", "budgets").contains(names.getFirst())) {
      return Right.OWN;
    }
    String third = names.size() > 2 ? names.get(2) : "";
    return switch (names.getFirst()) {
      case "approvals" -> Right.APPROVE;
      case "installations" ->
          switch (third) {
            case "tools" -> Right.RUN;
            case "approvals" -> Right.SEE;
            default -> Right.EDIT;
          };
      case "tasks" ->
          switch (third) {
            case "preview" -> Right.SEE;
            case "runs" -> Right.RUN;
            case "schedules" ->
                names.getLast().equals("run") && names.size() > 4 ? Right.RUN : Right.EDIT;
            case "triggers" ->
                names.getLast().equals("replay") && names.size() > 6 ? Right.RUN : Right.EDIT;
            default -> Right.EDIT;
          };
      default -> Right.EDIT;
    };
  }

  // The address that is made has a token with all of them.
  private static void toStream(Caller by) {
    by.require(Scope.READ);
    by.require(Scope.RUN);
    by.require(Scope.WRITE);
  }
}
