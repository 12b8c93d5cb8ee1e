package dev.errand.base.http;

import jakarta.ws.rs.GET;
import java.io.InputStream;
import org.jboss.resteasy.reactive.RestResponse;

/** A document that an issuer of tokens publishes: its metadata, or its keys. */
public interface IssuerDocument {
  /** The document, of whatever status. */
  @GET
  RestResponse<InputStream> get();
}
