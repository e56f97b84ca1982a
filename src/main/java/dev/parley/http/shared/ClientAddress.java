package dev.parley.http.shared;

import dev.parley.agent.Network;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Whose request it is, as far as limits by address go: that of the connection, or behind a trusted
 * proxy what that says in {@code X-Forwarded-For}; anybody else may claim there what he likes
 * (across.md section 7).
 *
 * @param trustedProxies {@code parley.http.trusted-proxies}
 */
public record ClientAddress(List<Network> trustedProxies) {
  /** Who has an IPv6 network has at least 2^64 addresses, so these count as one. */
  private static final int IPV6_NETWORK_BYTES = 8;

  public ClientAddress {
    trustedProxies = List.copyOf(trustedProxies);
  }

  /** A name for the sender; the same for all requests that count together. */
  public String of(HttpRequest request) {
    Optional<InetAddress> connection =
        request.getAttribute(AttributeKeys.remoteAddress).flatMap(remote -> remote.getAddress());
    if (connection.isEmpty()) {
      return "unknown";
    }
    InetAddress sender = connection.get();
    // Each proxy adds at the end who has sent to it.
    for (String claimed : forwardedFor(request)) {
      if (!isTrusted(sender)) {
        break;
      }
      Optional<InetAddress> before = literal(claimed);
      if (before.isEmpty()) {
        break;
      }
      sender = before.get();
    }
    return name(sender);
  }

  private boolean isTrusted(InetAddress address) {
    return trustedProxies.stream().anyMatch(network -> network.contains(address));
  }

  /** The addresses in the headers, the last first. */
  private static List<String> forwardedFor(HttpRequest request) {
    List<String> all = new ArrayList<>();
    StreamSupport.stream(request.getHeaders().spliterator(), false)
        .filter(header -> header.is("x-forwarded-for"))
        .forEach(header -> Collections.addAll(all, header.value().split(",")));
    Collections.reverse(all);
    return all.stream().map(String::trim).toList();
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(Network.parse(text)).filter(Network::isSingle).map(Network::prefix);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String name(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(address.getAddress(), 0, IPV6_NETWORK_BYTES) + "::/64"
        : address.getHostAddress();
  }
}
