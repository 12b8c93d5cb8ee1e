package dev.errand.automation.notice;

import dev.errand.automation.channel.Channel;
import dev.errand.automation.channel.ChannelMessage;
import dev.errand.automation.channel.ChannelSender;
import dev.errand.base.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Sends messages as they are, without a signature. */
@ApplicationScoped
class PlainWebhooks implements ChannelSender {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Json json;

  PlainWebhooks(Json json) {
    this.json = json;
  }

  @Override
  public Channel.Kind kind() {
    return Channel.Kind.WEBHOOK;
  }

  @Override
  public Answer send(Channel channel, ChannelMessage message, String deliveryId)
      throws InterruptedException {
    try {
      int status =
          http.send(
                  HttpRequest.newBuilder(URI.create(channel.address()))
                      .header("webhook-id", deliveryId)
                      .POST(HttpRequest.BodyPublishers.ofByteArray(json.bytes(message)))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode();
      return new Answer(
          status, status / 100 == 2 ? null : "It refused.", status == 410, Duration.ZERO);
    } catch (IOException e) {
      return new Answer(null, "It did not answer.", false, Duration.ZERO);
    }
  }
}
