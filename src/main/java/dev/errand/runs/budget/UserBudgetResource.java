package dev.errand.runs.budget;

import dev.errand.identity.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST operations on the budgets of a user: list, get, put, delete. */
@Path("/api/users/{user}/budgets")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class UserBudgetResource {
  private final CurrentCaller caller;
  private final BudgetService budgets;

  UserBudgetResource(CurrentCaller caller, BudgetService budgets) {
    this.caller = caller;
    this.budgets = budgets;
  }

  @GET
  public List<BudgetView> list(@RestPath String user) {
    return budgets.listOfUser(caller.get(), user);
  }

  @GET
  @Path("{name}")
  public BudgetView get(@RestPath String user, @RestPath String name) {
    return budgets.getOfUser(caller.get(), user, name);
  }

  @PUT
  @Path("{name}")
  public RestResponse<BudgetView> put(
      @RestPath String user, @RestPath String name, @Nullable BudgetSettings wanted) {
    return BudgetResource.answer(
        budgets.putOfUser(caller.get(), user, name, BudgetResource.required(wanted)));
  }

  @DELETE
  @Path("{name}")
  public void delete(@RestPath String user, @RestPath String name) {
    budgets.deleteOfUser(caller.get(), user, name);
  }
}
