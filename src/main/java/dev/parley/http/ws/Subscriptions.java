package dev.parley.http.ws;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The streams that one client follows, and with each session its lifecycle. Used by one actor. */
final class Subscriptions {
  private final Map<Key, Followed> byStream = new LinkedHashMap<>();
  private final Map<Feed, Followed> byFeed = new HashMap<>();
  private final Map<SessionId, Life> lives = new HashMap<>();

  private record Key(SessionId id, Channel channel) {}

  private record Followed(Subscription subscription, Feed feed) {}

  /** The life of a session, by the name its first subscriber gave it. */
  private record Life(String session, Feed feed) {}

  int count() {
    return byStream.size();
  }

  boolean contains(SessionId id, Channel channel) {
    return byStream.containsKey(new Key(id, channel));
  }

  /**
   * Begins to follow a stream.
   *
   * @param lifecycle begins to follow the session's, should that not be followed yet
   */
  void add(Subscription subscription, Feed feed, Supplier<Feed> lifecycle) {
    Followed followed = new Followed(subscription, feed);
    byStream.put(new Key(subscription.id(), subscription.channel()), followed);
    byFeed.put(feed, followed);
    lives.computeIfAbsent(
        subscription.id(), id -> new Life(subscription.session(), lifecycle.get()));
  }

  /** Follows a stream no more; false when it was not followed. */
  boolean remove(SessionId id, Channel channel) {
    Followed gone = byStream.remove(new Key(id, channel));
    if (gone == null) {
      return false;
    }
    gone.feed().stop();
    byFeed.remove(gone.feed());
    if (byStream.keySet().stream().noneMatch(key -> key.id().equals(id))) {
      Life life = lives.remove(id);
      if (life != null) {
        life.feed().stop();
      }
    }
    return true;
  }

  /** The subscription that a feed is for; empty for one that was stopped. */
  Optional<Subscription> of(Feed feed) {
    return Optional.ofNullable(byFeed.get(feed)).map(Followed::subscription);
  }

  /** The frame with an event in the life of a session; empty when its feed was stopped. */
  Optional<String> lifecycleFrame(Feed feed, JsonNode event) {
    return lives.values().stream()
        .filter(life -> life.feed() == feed)
        .findFirst()
        .map(life -> OutgoingFrames.lifecycle(life.session(), event));
  }

  /** The last number that was sent of each. */
  List<String> delivered() {
    return byStream.values().stream().map(followed -> followed.subscription().delivered()).toList();
  }

  void stopAll() {
    byFeed.keySet().forEach(Feed::stop);
    lives.values().forEach(life -> life.feed().stop());
    byStream.clear();
    byFeed.clear();
    lives.clear();
  }
}
