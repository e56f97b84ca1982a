package dev.parley.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network namespace of Linux for each node, joined by a bridge, on which the database and the
 * clients are, too. A node is cut off by a false entry in the tables of neighbours, on both sides:
 * packets leave and nobody takes them, as when a cable is pulled. Needs root and {@code ip}.
 */
final class NamespaceNetwork implements Network {
  private static final String PREFIX = "parley-chaos-";

  /** A hardware address that nobody has. */
  private static final String NOBODY = "02:00:00:00:00:fe";

  private static final int CLIENTS = 254;
  private static final int DATABASE = 253;

  private final int nodes;
  private final String subnet;
  private final String bridge;

  NamespaceNetwork(int nodes) {
    long pid = ProcessHandle.current().pid();
    this.nodes = nodes;
    this.subnet = "10.%d.%d.".formatted(200 + pid / 250 % 50, pid % 250);
    this.bridge = "pcb" + pid;
    removeOthersLeft();
    try {
      Programs.run("ip", "link", "add", bridge, "type", "bridge");
      // The first address is the one that clients come from.
      Programs.run("ip", "addr", "add", subnet + CLIENTS + "/24", "dev", bridge);
      Programs.run("ip", "addr", "add", databaseHost() + "/24", "dev", bridge);
      Programs.run("ip", "link", "set", bridge, "up");
      for (int node = 0; node < nodes; node++) {
        connect(node);
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Whether this process may make namespaces and links. */
  static boolean isPossible() {
    long pid = ProcessHandle.current().pid();
    String name = PREFIX + pid + "-try";
    String link = "pct" + pid;
    boolean possible =
        Programs.succeeds(List.of("ip", "netns", "add", name))
            && Programs.succeeds(
                List.of(
                    "ip", "link", "add", link, "type", "veth", "peer", "name", "e0", "netns", name))
            && Programs.succeeds(List.of("ip", "link", "add", link + "b", "type", "bridge"));
    Programs.succeeds(List.of("ip", "link", "del", link + "b"));
    Programs.succeeds(List.of("ip", "link", "del", link));
    Programs.succeeds(List.of("ip", "netns", "del", name));
    return possible;
  }

  private void connect(int node) {
    String outside = link(node);
    Programs.run("ip", "netns", "add", namespace(node));
    Programs.run(
        "ip",
        "link",
        "add",
        outside,
        "type",
        "veth",
        "peer",
        "name",
        "e0",
        "netns",
        namespace(node));
    Programs.run("ip", "link", "set", outside, "master", bridge);
    Programs.run("ip", "link", "set", outside, "up");
    inside(node, "addr", "add", host(node) + "/24", "dev", "e0");
    inside(node, "link", "set", "e0", "up");
    inside(node, "link", "set", "lo", "up");
  }

  @Override
  public String host(int node) {
    return subnet + (node + 1);
  }

  @Override
  public String databaseHost() {
    return subnet + DATABASE;
  }

  @Override
  public List<String> prefix(int node) {
    return List.of("ip", "netns", "exec", namespace(node));
  }

  @Override
  public boolean canCutOff() {
    return true;
  }

  @Override
  public void cutOff(int node) {
    for (int other = 0; other < nodes; other++) {
      if (other != node) {
        forget(node, host(other));
        forget(other, host(node));
      }
    }
  }

  @Override
  public void isolate(int node) {
    cutOff(node);
    forget(node, databaseHost());
  }

  private void forget(int node, String neighbour) {
    inside(node, "neigh", "replace", neighbour, "lladdr", NOBODY, "nud", "permanent", "dev", "e0");
  }

  @Override
  public void heal(int node) {
    // Only an isolated node has this entry.
    Programs.succeeds(
        List.of("ip", "-n", namespace(node), "neigh", "del", databaseHost(), "dev", "e0"));
    for (int other = 0; other < nodes; other++) {
      if (other != node) {
        inside(node, "neigh", "del", host(other), "dev", "e0");
        inside(other, "neigh", "del", host(node), "dev", "e0");
      }
    }
  }

  @Override
  public void close() {
    for (int node = 0; node < nodes; node++) {
      Programs.succeeds(List.of("ip", "netns", "del", namespace(node)));
    }
    Programs.succeeds(List.of("ip", "link", "del", bridge));
  }

  private void inside(int node, String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip", "-n", namespace(node)));
    command.addAll(List.of(arguments));
    Programs.run(command.toArray(String[]::new));
  }

  private static String namespace(int node) {
    return PREFIX + ProcessHandle.current().pid() + "-" + node;
  }

  private static String link(int node) {
    return "pc%d-%d".formatted(ProcessHandle.current().pid(), node);
  }

  /** What a run that was killed has left behind; its processes must have ended. */
  private static void removeOthersLeft() {
    for (String line : Programs.run("ip", "netns", "list").lines().toList()) {
      String name = line.split(" ")[0];
      Optional<Long> owner = owner(name);
      if (owner.isPresent() && ProcessHandle.of(owner.get()).isEmpty()) {
        Programs.succeeds(List.of("ip", "netns", "del", name));
        Programs.succeeds(List.of("ip", "link", "del", "pcb" + owner.get()));
      }
    }
  }

  private static Optional<Long> owner(String namespace) {
    return namespace.matches(PREFIX + "[0-9]+-.*")
        ? Optional.of(Long.valueOf(namespace.substring(PREFIX.length()).split("-")[0]))
        : Optional.empty();
  }
}
