package dev.errand.adapters.console.budget;

import dev.errand.adapters.console.page.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** The pages of the budgets of a user, which admins set and the user sees. */
@Path("/console/{user}/{profile}/settings/users/{name}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class UserBudgetPageResource {
  private static final String ONE = "budgets/{budget}";

  private final BudgetPages pages;

  UserBudgetPageResource(BudgetPages pages) {
    this.pages = pages;
  }

  /** The budgets of the user. */
  @GET
  @Path("budgets")
  public RestResponse<String> list(PageRequest page, @RestPath String name) {
    BudgetHolder user = BudgetHolder.ofUser(page, name);
    return pages.list(user, List.of(user));
  }

  /** The form of a new budget. */
  @GET
  @Path("new-budget")
  public RestResponse<String> ask(PageRequest page, @RestPath String name) {
    return pages.ask(BudgetHolder.ofUser(page, name), "");
  }

  /** Creates a budget. */
  @POST
  @Path("new-budget")
  public RestResponse<String> create(PageRequest page, @RestPath String name) {
    return pages.create(BudgetHolder.ofUser(page, name));
  }

  /** The page. */
  @GET
  @Path(ONE)
  public RestResponse<String> get(
      PageRequest page, @RestPath String name, @RestPath String budget) {
    return pages.get(BudgetHolder.ofUser(page, name), budget);
  }

  /** The form of a budget. */
  @GET
  @Path(ONE + "/edit")
  public RestResponse<String> edit(
      PageRequest page, @RestPath String name, @RestPath String budget) {
    return pages.edit(BudgetHolder.ofUser(page, name), budget);
  }

  /** Changes a budget. */
  @POST
  @Path(ONE + "/edit")
  public RestResponse<String> change(
      PageRequest page, @RestPath String name, @RestPath String budget) {
    return pages.change(BudgetHolder.ofUser(page, name), budget);
  }

  /** Deletes it. */
  @POST
  @Path(ONE + "/delete")
  public RestResponse<String> delete(
      PageRequest page, @RestPath String name, @RestPath String budget) {
    return pages.delete(BudgetHolder.ofUser(page, name), budget);
  }
}
