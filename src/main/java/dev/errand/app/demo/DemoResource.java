package dev.errand.app.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The demo model as an OpenAI-compatible server, and a page for its tool to read. */
@IfBuildProfile("dev")
@Path("/demo")
public class DemoResource {
  private final DemoModel model;

  DemoResource(DemoModel model) {
    this.model = model;
  }

  /** A chat completion. */
  @POST
  @Path("v1/chat/completions")
  @Produces(MediaType.APPLICATION_JSON)
  public ObjectNode complete(ObjectNode request) {
    return model.complete(request);
  }

  /** A page that the demo task reads without leaving the machine. */
  @GET
  @Path("page")
  @Produces(MediaType.TEXT_HTML)
  public String page() {
    return """
        <!doctype html>
        <html><head><title>Hello from Errand</title></head><body>
        <h1>Hello from Errand</h1>
        <p>You are reading this because a <b>WebAssembly servlet</b> fetched it, turned it into
        Markdown, and a run wrote down every step.</p>
        <ul><li>register a task</li><li>trigger a run</li><li>read its results</li></ul>
        </body></html>
        """;
  }
}
