package dev.parley.http.shared;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * The paths that are served, as patterns: what is counted, traced and logged has a name out of this
 * list and none that a client has made up. A path that is served and missing here counts as {@link
 * #OTHER}.
 */
public final class KnownRoutes {
  /**
   * A path, with names in braces where clients say what they mean.
   *
   * @param face the contract it belongs to
   */
  public record Known(String face, String pattern) {
    /** The place of the session among the segments; negative when there is none. */
    private int session() {
      return Arrays.asList(pattern.substring(1).split("/")).indexOf("{session}");
    }
  }

  /** Any other path. */
  public static final Known OTHER = new Known("other", "other");

  private static final Map<String, List<String>> BY_FACE =
      Map.ofEntries(
          Map.entry(
              "sessions",
              List.of(
                  "/api/v1/sessions",
                  "/api/v1/sessions/stats",
                  "/api/v1/sessions/{session}",
                  "/api/v1/sessions/{session}/timeline",
                  "/api/v1/sessions/{session}/renew",
                  "/api/v1/sessions/{session}/close",
                  "/api/v1/sessions/{session}/stop",
                  "/api/v1/sessions/{session}/end-and-continue",
                  "/api/v1/auth/jwt/claims",
                  "/api/v1/auth/public-tokens",
                  "/api/v1/runs/{run}/session-streams/wait",
                  "/api/v1/waitpoints/tokens",
                  "/api/v1/waitpoints/tokens/{waitpoint}",
                  "/api/v1/waitpoints/tokens/{waitpoint}/complete",
                  "/engine/v1/runs/{run}/waitpoints/tokens/{waitpoint}/wait")),
          Map.entry(
              "channels",
              List.of(
                  "/realtime/v1/sessions/{session}/{io}",
                  "/realtime/v1/sessions/{session}/{io}/append",
                  "/realtime/v1/sessions/{session}/{io}/records",
                  "/realtime/v1/sessions/{session}/channels/{name}/{io}",
                  "/realtime/v1/sessions/{session}/channels/{name}/{io}/append",
                  "/realtime/v1/sessions/{session}/channels/{name}/{io}/records")),
          Map.entry(
              "s2", List.of("/v1/streams/{stream}/records", "/v1/streams/{stream}/records/tail")),
          Map.entry(
              "messaging",
              List.of(
                  "/api/messaging/sessions",
                  "/api/messaging/sessions/health",
                  "/api/messaging/sessions/{session}",
                  "/api/messaging/sessions/{session}/renew",
                  "/api/messaging/sessions/{session}/heartbeat",
                  "/api/messaging/sessions/{session}/timeout",
                  "/api/messaging/sessions/{session}/messages",
                  "/api/messaging/sessions/{session}/stop")),
          Map.entry("socketio", List.of("/socket.io")),
          Map.entry(
              "web",
              List.of(
                  "/api/auth/signup",
                  "/api/auth/login",
                  "/api/auth/logout",
                  "/api/init/whoami",
                  "/api/feedback",
                  "/login",
                  "/login/login.css",
                  "/login/login.js",
                  "/chat/realtime/health",
                  "/chat/realtime/ally/create-session/{organization}",
                  "/chat/realtime/session/{handoff}")),
          Map.entry(
              "webchat",
              List.of(
                  "/api/webchat/session",
                  "/api/webchat/session/token",
                  "/api/webchat/snippet",
                  "/api/admin/organizations/{organization}/webchat",
                  "/api/admin/organizations/{organization}/webchat/rotate-key",
                  "/api/admin/events/{event}")),
          Map.entry("ws", List.of("/ws", "/api/ws/token")),
          Map.entry(
              "widget",
              List.of("/widget/{file}", "/widget/{version}/{file}", "/demo", "/demo/demo.css")),
          Map.entry("console", List.of("/console", "/console/{file}")),
          Map.entry("docs", List.of("/openapi.json", "/docs", "/docs/{version}/{file}")),
          Map.entry(
              "uploads",
              List.of("/api/storage/upload", "/api/chat/attachments", "/api/storage/files/{file}")),
          Map.entry(
              "agents",
              List.of(
                  "/api/admin/agents",
                  "/api/admin/agents/{agent}",
                  "/api/admin/agents/{agent}/start",
                  "/api/admin/agents/{agent}/stop",
                  "/api/admin/agents/{agent}/workers/{worker}",
                  "/api/admin/agents/{agent}/workers/{worker}/turn")),
          Map.entry(
              "admin",
              List.of(
                  "/api/admin/projections",
                  "/api/admin/projections/{projection}/pause",
                  "/api/admin/projections/{projection}/resume",
                  "/api/admin/projections/{projection}/rebuild",
                  "/api/admin/doctor",
                  "/api/v1/cluster",
                  "/api/v1/export",
                  "/api/v1/import",
                  "/test/clock/advance")),
          Map.entry("ops", List.of("/metrics", "/health", "/health/live", "/health/ready")));

  private static final Node ROOT = new Node();

  static {
    BY_FACE.forEach((face, patterns) -> patterns.forEach(pattern -> ROOT.add(face, pattern)));
  }

  private KnownRoutes() {}

  /** All of them. */
  public static List<Known> all() {
    List<Known> all = new ArrayList<>();
    BY_FACE.forEach(
        (face, patterns) -> patterns.forEach(pattern -> all.add(new Known(face, pattern))));
    return all;
  }

  /** The one that a request is for; {@link #OTHER} when it is none of them. */
  public static Known of(HttpRequest request) {
    return of(request.getUri().path());
  }

  /**
   * @param path still encoded; a slash at its end changes nothing
   */
  static Known of(String path) {
    Known known = ROOT.find(path, path.startsWith("/") ? 1 : 0);
    return known == null ? OTHER : known;
  }

  /** The session that a request names, by whichever of its ids; null when it names none. */
  static @Nullable String session(HttpRequest request) {
    String path = request.getUri().path();
    int place = of(path).session();
    return place < 0 ? null : path.substring(1).split("/")[place];
  }

  /** What may follow a segment. */
  private static final class Node {
    private final Map<String, Node> words = new HashMap<>();
    private @Nullable Node anything;
    private @Nullable Known end;

    private void add(String face, String pattern) {
      Node node = this;
      for (String segment : pattern.substring(1).split("/")) {
        if (!segment.startsWith("{")) {
          node = node.words.computeIfAbsent(segment, word -> new Node());
        } else {
          if (node.anything == null) {
            node.anything = new Node();
          }
          node = node.anything;
        }
      }
      node.end = new Known(face, pattern);
    }

    /** Words come before what clients choose. */
    private @Nullable Known find(String path, int from) {
      if (from >= path.length()) {
        return end;
      }
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      Node word = words.get(path.substring(from, to));
      Known found = word == null ? null : word.find(path, to + 1);
      return found != null || anything == null || to == from ? found : anything.find(path, to + 1);
    }
  }
}
