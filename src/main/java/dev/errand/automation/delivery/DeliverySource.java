package dev.errand.automation.delivery;

import java.time.Duration;

/** Port: adds deliveries, which in request mode happens before due ones are sent. */
public interface DeliverySource {
  /** Adds deliveries for some time; what is left is added the next time. */
  void addDeliveries(Duration most);
}
