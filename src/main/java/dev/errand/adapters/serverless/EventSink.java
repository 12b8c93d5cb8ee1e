package dev.errand.adapters.serverless;

import dev.errand.base.http.CloudEvents;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.InputStream;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The receiver of the events that request mode sends, such as a broker of Knative. */
interface EventSink {
  /**
   * Sends an event.
   *
   * @param authorization a header field; each of these is only sent if it is not null
   * @param awsDate when it was signed for AWS
   * @param awsToken the session token of the signature
   * @return the answer, whose body can be ignored
   */
  @POST
  @Consumes(CloudEvents.STRUCTURED)
  RestResponse<InputStream> send(
      @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
      @HeaderParam("X-Amz-Date") @Nullable String awsDate,
      @HeaderParam("X-Amz-Security-Token") @Nullable String awsToken,
      byte[] event);
}
