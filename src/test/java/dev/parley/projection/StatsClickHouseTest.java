package dev.parley.projection;

import dev.parley.projection.activity.ActivityEvent;
import dev.parley.session.Channel;
import dev.parley.session.SessionEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same figures from ClickHouse. */
class StatsClickHouseTest extends StatsContract {
  private static ClickHouseStore store;

  @BeforeAll
  static void start() throws Exception {
    store = ClickHouseStore.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (store != null) {
      store.close();
    }
  }

  @Override
  SessionCatalog catalog() {
    return store.catalog();
  }

  @Override
  void clear() throws Exception {
    store.clickHouse().clear();
  }

  @Override
  void store(List<Item> sessions) throws Exception {
    store
        .clickHouse()
        .store(
            sessions.stream()
                .map(
                    item ->
                        CatalogRow.of(
                            item.id(), 1, new SessionEvent.Created(item.info(), null, null)))
                .toList());
  }

  @Override
  void activity(List<Fact> facts) throws Exception {
    List<ActivityEvent> events = new ArrayList<>();
    for (Fact fact : facts) {
      events.add(event(fact, events.size() + 1));
    }
    // Each batch twice, as after a crash.
    store.clickHouse().storeEvents(events);
    store.clickHouse().storeEvents(events);
  }

  private static ActivityEvent event(Fact fact, long version) {
    Channel channel =
        switch (fact.kind()) {
          case RECORDS_IN -> Channel.IN;
          case RECORDS_OUT -> Channel.OUT;
          default -> null;
        };
    ActivityEvent.Kind kind =
        switch (fact.kind()) {
          case CREATED -> ActivityEvent.Kind.CREATED;
          case EXPIRED -> ActivityEvent.Kind.EXPIRED;
          case CLOSED -> ActivityEvent.Kind.CLOSED;
          case RECORDS_IN, RECORDS_OUT -> ActivityEvent.Kind.RECORDS;
          case TURN -> ActivityEvent.Kind.TURN_ENDED;
        };
    boolean turn = fact.kind() == Fact.Kind.TURN;
    return new ActivityEvent(
        fact.session(),
        version,
        0,
        Instant.ofEpochMilli(fact.at()),
        kind,
        channel,
        channel == null ? 1 : (int) fact.records(),
        (int) fact.messages(),
        fact.bytes(),
        turn ? "answered" : "",
        turn ? Duration.ofMillis(fact.tookMillis()) : null);
  }
}
