package dev.parley.ops.alerts;

import java.net.URI;
import java.util.Map;

/**
 * A chat of Telegram.
 *
 * @param api without a slash at the end
 * @param key of the bot
 * @param chat a number, or a name with an @
 * @param threads topics of the chat; what has none goes to the chat itself
 */
public record TelegramTarget(URI api, String key, String chat, Map<Topic, Long> threads) {
  /** What a message is about. */
  public enum Topic {
    EVENTS,
    ERRORS,
    FEEDBACK,
    WARNINGS
  }

  public TelegramTarget {
    threads = Map.copyOf(threads);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "chat " + chat + " at " + api;
  }
}
