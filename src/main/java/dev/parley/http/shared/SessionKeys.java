package dev.parley.http.shared;

import dev.parley.auth.Resource;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names a session goes by when a scope is compared with it (trigger.md section 2.3). */
public final class SessionKeys {
  private static final String TYPE = "sessions";

  private SessionKeys() {}

  /** The session exactly as the URL names it. */
  public static List<Resource> asWritten(String key) {
    return List.of(new Resource(TYPE, key));
  }

  /**
   * The session under all its names.
   *
   * @param info the row, if it is known
   */
  public static List<Resource> of(String key, SessionId id, @Nullable SessionInfo info) {
    return names(key, id, info).stream().map(name -> new Resource(TYPE, name)).toList();
  }

  /** A side channel: the session's names, alone and with the channel's behind them. */
  public static List<Resource> ofChannel(
      String key, SessionId id, @Nullable SessionInfo info, String channel, String direction) {
    List<Resource> resources = new ArrayList<>();
    for (String name : names(key, id, info)) {
      resources.add(new Resource(TYPE, name));
      resources.add(new Resource(TYPE, name + ":channels:" + channel));
      resources.add(new Resource(TYPE, name + ":channels:" + channel + ":" + direction));
    }
    return resources;
  }

  private static Set<String> names(String key, SessionId id, @Nullable SessionInfo info) {
    Set<String> names = new LinkedHashSet<>(List.of(key, id.friendlyId()));
    if (info != null && info.externalId() != null) {
      names.add(info.externalId());
    }
    return names;
  }
}
