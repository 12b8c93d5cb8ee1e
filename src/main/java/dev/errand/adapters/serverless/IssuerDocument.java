package dev.errand.adapters.serverless;

import jakarta.ws.rs.GET;
import java.io.InputStream;
import org.jboss.resteasy.reactive.RestResponse;

/** A document that an OpenID provider publishes: its discovery document, or its keys. */
interface IssuerDocument {
  @GET
  RestResponse<InputStream> get();
}
