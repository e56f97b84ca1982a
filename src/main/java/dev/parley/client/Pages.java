package dev.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;

/** The sessions of a list; a page is asked for when the one before it is used up. */
final class Pages implements Iterator<Session> {
  private final Function<Optional<String>, JsonNode> pages;
  private final Function<JsonNode, Session> reading;
  private final Queue<Session> ready = new ArrayDeque<>();
  private Optional<String> cursor = Optional.empty();
  private boolean more = true;

  /**
   * @param pages the page behind a cursor, or the first
   */
  Pages(Function<Optional<String>, JsonNode> pages, Function<JsonNode, Session> reading) {
    this.pages = pages;
    this.reading = reading;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && more) {
      JsonNode page = pages.apply(cursor);
      page.path("data").forEach(item -> ready.add(reading.apply(item)));
      cursor = Optional.ofNullable(page.at("/pagination/next").textValue());
      more = cursor.isPresent();
    }
    return !ready.isEmpty();
  }

  @Override
  public Session next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the list has ended");
    }
    return ready.remove();
  }
}
