package dev.parley.ops.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.SessionShards.Held;
import dev.parley.http.shared.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.jspecify.annotations.Nullable;

/** The cluster as JSON. */
final class ClusterDocument {
  /** What Pekko takes for the version of a node that does not say one. */
  private static final String NO_VERSION = "0.0.0";

  private ClusterDocument() {}

  /**
   * @param self the node that answers
   * @param held by the address of the node; null when nobody could say
   */
  static ObjectNode of(CurrentClusterState state, Address self, @Nullable Map<String, Held> held) {
    ObjectNode document =
        Json.object().put("self", node(self)).put("leader", node(state.getLeader()));
    ArrayNode members = document.putArray("members");
    for (Member member : byAge(state)) {
      ObjectNode json = members.addObject();
      put(json, member, state);
      json.put("age", members.size());
      Held here = held == null ? null : held.getOrDefault("" + member.address(), new Held(0, 0));
      json.put("shards", here == null ? null : here.shards())
          .put("awakeSessions", here == null ? null : here.awake());
    }
    return document;
  }

  /** The oldest first; those that are about to join have no age yet. */
  private static List<Member> byAge(CurrentClusterState state) {
    return StreamSupport.stream(state.getMembers().spliterator(), false)
        .sorted(Comparator.comparingInt(Member::upNumber).thenComparing(m -> node(m.address())))
        .toList();
  }

  private static void put(ObjectNode json, Member member, CurrentClusterState state) {
    String version = member.appVersion().toString();
    boolean reachable = !state.getUnreachable().contains(member);
    json.put("node", node(member.address()))
        .put("status", member.status().toString().toLowerCase(Locale.ROOT))
        .put("reachable", reachable)
        .put("version", version.equals(NO_VERSION) ? null : version);
    member.getRoles().stream()
        .filter(role -> !role.startsWith("dc-"))
        .sorted()
        .forEach(json.putArray("roles")::add);
  }

  private static @Nullable String node(@Nullable Address address) {
    return address == null ? null : address.hostPort().replaceFirst("^.*@", "");
  }
}
