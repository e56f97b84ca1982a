package dev.parley.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.client.NewSession;
import dev.parley.client.ParleyClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * {@code bench}: how fast a server takes records from so many writers, each with a session of its
 * own and one append in flight. The sessions are purged when it is over.
 */
final class BenchCommand implements Command {
  private static final String JSON = "--json";
  private static final String WRITERS = "--writers";
  private static final String SECONDS = "--seconds";
  private static final String BYTES = "--bytes";

  /** What the server does before is not measured. */
  private static final Duration WARM_UP = Duration.ofSeconds(1);

  private static final Duration PURGE_LIMIT = Duration.ofMinutes(1);

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String usage() {
    return """
        java -jar parley.jar bench [--writers 16] [--seconds 10] [--bytes 256] [--json]    records/s and latency of appends
        Each writer has a session of its own, which is purged afterwards, and one append in flight; one more second comes first and does not count.""";
  }

  @Override
  public void run(List<String> arguments, Console console) {
    Arguments read = Arguments.read(arguments, Set.of(JSON), Set.of(WRITERS, SECONDS, BYTES));
    read.words();
    int writers = number(read, WRITERS, 16, 1_000);
    int seconds = number(read, SECONDS, 10, 120);
    int bytes = number(read, BYTES, 256, 1_000_000);
    console.err().printf("%d writers of %d bytes for %d s%n", writers, bytes, seconds);
    AppendLoad.Result result =
        new ServerClient(ServerAddress.of(console))
            .ask(parley -> load(parley, writers, bytes, Duration.ofSeconds(seconds)));
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("writers", writers)
            .put("bytes", bytes)
            .put("seconds", seconds)
            .put("records", result.count())
            .put("recordsPerSecond", result.count() / seconds)
            .put("p50Millis", result.millis(0.5))
            .put("p99Millis", result.millis(0.99));
    console.out().println(read.has(JSON) ? json.toString() : line(json));
    console.out().flush();
  }

  private static AppendLoad.Result load(
      ParleyClient parley, int writers, int bytes, Duration duration) {
    List<String> sessions = new ArrayList<>();
    try {
      IntStream.range(0, writers)
          .mapToObj(i -> parley.create(NewSession.of("bench", "bench")).session().id())
          .forEach(sessions::add);
      return AppendLoad.run(parley, sessions, "x".repeat(bytes), WARM_UP, duration);
    } finally {
      for (String session : sessions) {
        parley.ask("DELETE", "/api/v1/sessions/" + session + "?purge=true", null, PURGE_LIMIT);
      }
    }
  }

  private static int number(Arguments read, String option, int otherwise, int max) {
    String text = read.one(option).orElse(Integer.toString(otherwise));
    if (!text.matches("[1-9][0-9]{0,6}") || Integer.parseInt(text) > max) {
      throw new WrongUsage(option + " must be a number from 1 to " + max + ", not '" + text + "'.");
    }
    return Integer.parseInt(text);
  }

  private static String line(ObjectNode json) {
    return String.format(
        Locale.ROOT,
        "%d records/s, p50 %.2f ms, p99 %.2f ms",
        json.get("recordsPerSecond").asLong(),
        json.get("p50Millis").asDouble(),
        json.get("p99Millis").asDouble());
  }
}
