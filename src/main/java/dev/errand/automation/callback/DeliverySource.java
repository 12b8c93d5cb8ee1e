package dev.errand.automation.callback;

/** Port: adds deliveries, which in request mode happens before due ones are sent. */
public interface DeliverySource {
  void addDeliveries();
}
