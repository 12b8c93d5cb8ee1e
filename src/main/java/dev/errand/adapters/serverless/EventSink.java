package dev.errand.adapters.serverless;

import dev.errand.base.cloudevent.CloudEvents;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.InputStream;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What takes the events that request mode sends, such as a broker of Knative. */
interface EventSink {
  /**
   * Sends an event.
   *
   * @param authorization sent as the header, unless it is null, as are the others
   * @param awsDate when it was signed for AWS
   * @param awsToken what is signed with it
   * @return the answer, whose body nobody needs to read
   */
  @POST
  @Consumes(CloudEvents.STRUCTURED)
  RestResponse<InputStream> send(
      @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
      @HeaderParam("X-Amz-Date") @Nullable String awsDate,
      @HeaderParam("X-Amz-Security-Token") @Nullable String awsToken,
      byte[] event);
}
