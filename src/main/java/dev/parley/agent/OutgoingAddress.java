package dev.parley.agent;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which addresses the server may connect to on somebody's behalf: public ones, and those of
 * networks that were allowed by name. Whoever connects resolves the name here and uses the address
 * it is given, so a name can't mean one address when it is checked and another when it is used.
 *
 * <p>Addresses where clouds serve the credentials of a machine are refused even when their network
 * is allowed; only naming the very address allows it.
 */
public final class OutgoingAddress {
  private static final Map<Network, String> NOT_PUBLIC = notPublic();

  /** All that is assigned for use in public, refused parts of it above. */
  private static final Network GLOBAL_V6 = Network.parse("2000::/3");

  /** Translated to the IPv4 address in its last four bytes. */
  private static final Network NAT64 = Network.parse("64:ff9b::/96");

  private static final List<Network> METADATA =
      List.of(
          Network.parse("169.254.0.0/16"),
          Network.parse("100.100.100.200"),
          Network.parse("168.63.129.16"),
          Network.parse("192.0.0.192"),
          Network.parse("fd00:ec2::/32"),
          Network.parse("fd20:ce::254"));

  private final List<Network> allowed;
  private final Resolver resolver;

  /**
   * @param allowed networks that may be used although they are not public
   */
  public OutgoingAddress(List<Network> allowed) {
    this(allowed, InetAddress::getAllByName);
  }

  OutgoingAddress(List<Network> allowed, Resolver resolver) {
    this.allowed = List.copyOf(allowed);
    this.resolver = resolver;
  }

  /**
   * The address to connect to: the first permitted one of the host. Blocks while a name server is
   * asked.
   *
   * @param host name or literal address
   * @throws UnknownHostException when there is no such host
   * @throws RefusedAddressException when none of its addresses is permitted
   */
  public InetAddress resolve(String host) throws UnknownHostException {
    List<String> refusals = new ArrayList<>();
    for (InetAddress address : resolver.addressesOf(host)) {
      Optional<String> refusal = refusal(address);
      if (refusal.isEmpty()) {
        return address;
      }
      refusals.add(address.getHostAddress() + " is " + refusal.get());
    }
    throw new RefusedAddressException(host, refusals);
  }

  /** Why the address may not be connected to; empty when it may. */
  public Optional<String> refusal(InetAddress address) {
    boolean metadata = METADATA.stream().anyMatch(network -> network.contains(address));
    boolean named =
        allowed.stream()
            .anyMatch(network -> network.contains(address) && (!metadata || network.isSingle()));
    return named ? Optional.empty() : category(address);
  }

  private Optional<String> category(InetAddress address) {
    for (Map.Entry<Network, String> range : NOT_PUBLIC.entrySet()) {
      if (range.getKey().contains(address)) {
        return Optional.of(range.getValue() + " (" + range.getKey() + ")");
      }
    }
    if (address instanceof Inet6Address && !GLOBAL_V6.contains(address)) {
      return NAT64.contains(address)
          ? refusal(lastFourBytes(address))
          : Optional.of("no public address");
    }
    return Optional.empty();
  }

  private static InetAddress lastFourBytes(InetAddress address) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), 12, 16));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are always an address", e);
    }
  }

  /** The special-purpose ranges of IANA's registries, and one address of a cloud. */
  private static Map<Network, String> notPublic() {
    Map<Network, String> ranges = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    ranges.put(Network.parse("0.0.0.0/8"), "this host");
    ranges.put(Network.parse("10.0.0.0/8"), "private");
    ranges.put(Network.parse("100.64.0.0/10"), "shared by carriers (CGNAT)");
    ranges.put(Network.parse("127.0.0.0/8"), "loopback");
    ranges.put(Network.parse("168.63.129.16"), "a cloud's own");
    ranges.put(Network.parse("169.254.0.0/16"), "link-local");
    ranges.put(Network.parse("172.16.0.0/12"), "private");
    ranges.put(Network.parse("192.0.0.0/24"), "reserved for protocols");
    ranges.put(Network.parse("192.0.2.0/24"), "for documentation");
    ranges.put(Network.parse("192.88.99.0/24"), "a relay's");
    ranges.put(Network.parse("192.168.0.0/16"), "private");
    ranges.put(Network.parse("198.18.0.0/15"), "for measurements");
    ranges.put(Network.parse("198.51.100.0/24"), "for documentation");
    ranges.put(Network.parse("203.0.113.0/24"), "for documentation");
    ranges.put(Network.parse("224.0.0.0/4"), "multicast");
    ranges.put(Network.parse("240.0.0.0/4"), "reserved");
    ranges.put(Network.parse("::1"), "loopback");
    ranges.put(Network.parse("fc00::/7"), "private");
    ranges.put(Network.parse("fe80::/10"), "link-local");
    ranges.put(Network.parse("ff00::/8"), "multicast");
    ranges.put(Network.parse("2001::/23"), "reserved for protocols");
    ranges.put(Network.parse("2001:db8::/32"), "for documentation");
    ranges.put(Network.parse("2002::/16"), "a tunnel (6to4)");
    ranges.put(Network.parse("3fff::/20"), "for documentation");
    return ranges;
  }

  /** Finds the addresses of a host. */
  @FunctionalInterface
  interface Resolver {
    /** At least one address. */
    InetAddress[] addressesOf(String host) throws UnknownHostException;
  }
}
