package dev.parley.agent;

import java.util.List;

/** A host has no address that may be connected to. For the operator: the text shows addresses. */
public final class RefusedAddressException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RefusedAddressException(String host, List<String> refusals) {
    super(
        "The host "
            + host
            + " can't be used: "
            + String.join(", ", refusals)
            + ". If that is meant, name the network in allowed-networks.");
  }
}
