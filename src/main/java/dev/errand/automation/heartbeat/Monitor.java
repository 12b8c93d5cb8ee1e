package dev.errand.automation.heartbeat;

import jakarta.ws.rs.GET;
import java.io.InputStream;
import org.jboss.resteasy.reactive.RestResponse;

/** The monitor outside that notices when heartbeats stop. */
interface Monitor {
  /**
   * Sends a heartbeat.
   *
   * @return the answer, whose body can be ignored
   */
  @GET
  RestResponse<InputStream> beat();
}
