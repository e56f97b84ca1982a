package dev.parley.cli;

import dev.parley.client.Session;
import dev.parley.client.SessionFilter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** {@code sessions list}: those that all filters fit. */
final class ListSessions implements SessionsCommand.Action {
  private static final String JSON = "--json";
  private static final String LIMIT = "--limit";
  private static final String DEFAULT_LIMIT = "100";

  /** What each option does to the filter. */
  private static final Map<String, BiFunction<SessionFilter, String, SessionFilter>> FILTERS =
      Map.of(
          "--type", SessionFilter::type,
          "--task", SessionFilter::taskIdentifier,
          "--tag", SessionFilter::tag,
          "--status", (filter, text) -> filter.status(status(text)),
          "--external-id", SessionFilter::externalId,
          "--search", SessionFilter::search,
          "--metadata", ListSessions::metadata,
          "--period", SessionFilter::createdWithin,
          "--since", (filter, text) -> filter.createdFrom(instant(text)),
          "--until", (filter, text) -> filter.createdTo(instant(text)));

  @Override
  public String name() {
    return "list";
  }

  @Override
  public void run(List<String> arguments, Console console) {
    Set<String> valued = new HashSet<>(FILTERS.keySet());
    valued.add(LIMIT);
    Arguments read = Arguments.read(arguments, Set.of(JSON), valued);
    read.words();
    long limit = limit(read.one(LIMIT).orElse(DEFAULT_LIMIT));
    SessionFilter filter = filter(read);
    boolean more =
        new ServerClient(ServerAddress.of(console))
            .ask(
                parley -> {
                  Iterator<Session> sessions = parley.list(filter).iterator();
                  if (read.has(JSON)) {
                    take(sessions, limit, each -> console.out().println(each.document()));
                  } else {
                    console.out().print(table(sessions, limit));
                  }
                  return sessions.hasNext();
                });
    if (more) {
      console.err().println("There are more; " + LIMIT + " says how many are shown.");
    }
  }

  private static SessionFilter filter(Arguments read) {
    SessionFilter filter = SessionFilter.all();
    for (var option : FILTERS.entrySet()) {
      for (String value : read.all(option.getKey())) {
        filter = option.getValue().apply(filter, value);
      }
    }
    return filter;
  }

  private static void take(Iterator<Session> sessions, long limit, Consumer<Session> taker) {
    for (long taken = 0; taken < limit && sessions.hasNext(); taken++) {
      taker.accept(sessions.next());
    }
  }

  private static String table(Iterator<Session> sessions, long limit) {
    Instant now = Instant.now();
    TextTable table = new TextTable("SESSION", "TYPE", "TASK", "STATUS", "CREATED", "TAGS");
    take(
        sessions,
        limit,
        each ->
            table.row(
                OneLine.of(each.key()),
                OneLine.of(each.type()),
                OneLine.of(each.taskIdentifier()),
                each.status(now).name(),
                each.createdAt().toString(),
                OneLine.of(String.join(",", each.tags()))));
    return table.text();
  }

  private static long limit(String text) {
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new WrongUsage(LIMIT + " must be a number from 1 on, not '" + text + "'.");
    }
    return Long.parseLong(text);
  }

  private static Session.Status status(String text) {
    try {
      return Session.Status.valueOf(text);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage("--status must be ACTIVE, CLOSED or EXPIRED, not '" + text + "'.");
    }
  }

  private static SessionFilter metadata(SessionFilter filter, String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new WrongUsage("--metadata must be path=value, not '" + text + "'.");
    }
    return filter.metadata(text.substring(0, equals), text.substring(equals + 1));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new WrongUsage("'" + text + "' is no time such as 2026-01-31T12:00:00Z.");
    }
  }
}
