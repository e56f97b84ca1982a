package dev.parley.bench;

import dev.parley.clickhouse.TestClickHouse;
import dev.parley.journal.Database;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.projection.Filter;
import dev.parley.projection.Page;
import dev.parley.projection.Query;
import dev.parley.projection.SessionCatalog;
import dev.parley.projection.SessionIndex;
import dev.parley.projection.StatsQuery;
import dev.parley.projection.clickhouse.ClickHouse;
import dev.parley.projection.clickhouse.ClickHouseAddress;
import dev.parley.projection.clickhouse.ClickHouseCatalog;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What lists and figures over a million sessions cost, in either store. */
final class ListBench {
  private static final int WARM_UP = 5;
  private static final int REQUESTS = 60;

  private final Path directory;
  private final Table table;

  ListBench(Path directory, Table table) {
    this.directory = directory;
    this.table = table;
  }

  void lists() throws Exception {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("lists-db"));
        Database database = Database.open(postgres.address(), 4, Duration.ofSeconds(10));
        TestClickHouse clickHouse = TestClickHouse.start()) {
      createTables(clickHouse);
      long begin = System.nanoTime();
      ListedSessions.fill(clickHouse, now);
      long filled = System.nanoTime();
      ListedSessions.fill(postgres.address(), now);
      System.out.printf(
          "filled ClickHouse in %.0f s, PostgreSQL in %.0f s%n",
          (filled - begin) / 1e9, (System.nanoTime() - filled) / 1e9);
      table.row("1 000 000 sessions in ClickHouse", ListedSessions.describe(clickHouse), "", "");
      SessionCatalog inClickHouse =
          new ClickHouseCatalog(
              new ClickHouse(ClickHouseAddress.parse(clickHouse.url())),
              database.dataSource(),
              executor);
      SessionCatalog inPostgres = new SessionIndex(database.dataSource(), executor);
      String bare = bare(clickHouse, database);
      ListQuestions questions = new ListQuestions(postgres.address(), now, WARM_UP + REQUESTS);
      for (Map.Entry<String, List<Query>> page : questions.pages().entrySet()) {
        compare(
            "20 of 1 000 000 sessions: " + page.getKey(),
            page.getValue(),
            inClickHouse::list,
            inPostgres::list,
            "p50 30 ms in ClickHouse",
            bare);
      }
      Query counting = Query.counting(ListedSessions.ENVIRONMENT, Filter.ALL, now);
      compare(
          "count of 1 000 000", same(counting), inClickHouse::count, inPostgres::count, "", bare);
      Instant hour = now.truncatedTo(ChronoUnit.HOURS);
      StatsQuery day =
          new StatsQuery(
              ListedSessions.ENVIRONMENT,
              Filter.ALL,
              StatsQuery.GroupBy.TYPE,
              hour.minus(Duration.ofHours(24)),
              hour,
              Duration.ofHours(1),
              now);
      compare(
          "figures of 24 hours by type",
          same(day),
          inClickHouse::stats,
          inPostgres::stats,
          "",
          bare);
    } finally {
      executor.shutdownNow();
    }
  }

  private static <Q> List<Q> same(Q question) {
    return Collections.nCopies(WARM_UP + REQUESTS, question);
  }

  /** The packaged server makes them; its own sessions are none of ours. */
  private void createTables(TestClickHouse clickHouse) throws IOException, InterruptedException {
    try (ParleyServer server =
        ParleyServer.start(
            directory.resolve("lists"), null, Map.of("parley.clickhouse.url", clickHouse.url()))) {
      String ready = "select 1 from system.tables where name = 'session_events_v1'";
      while (clickHouse.rows(ready + " and database = currentDatabase()").isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(200);
      }
      TimeUnit.SECONDS.sleep(2);
    }
    clickHouse.execute("truncate table sessions_v1");
    clickHouse.execute("truncate table session_events_v1");
  }

  /** What a question costs that no table is read for. */
  private static String bare(TestClickHouse clickHouse, Database database) throws Exception {
    Latencies inClickHouse = new Latencies();
    Latencies inPostgres = new Latencies();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 200; i++) {
        long begin = System.nanoTime();
        clickHouse.rows("select 1");
        long between = System.nanoTime();
        statement.executeQuery("select 1").close();
        if (i >= 100) {
          inClickHouse.add(between - begin);
          inPostgres.add(System.nanoTime() - between);
        }
      }
    }
    return format(
        "select 1: %.1f ms; %.2f ms",
        inClickHouse.sorted().percentile(0.5), inPostgres.sorted().percentile(0.5));
  }

  /** Both must answer the same. */
  private <Q, A> void compare(
      String what,
      List<Q> questions,
      Function<Q, CompletionStage<A>> inClickHouse,
      Function<Q, CompletionStage<A>> inPostgres,
      String wanted,
      String bare)
      throws Exception {
    List<A> answers = new ArrayList<>();
    double cpu = Cpu.ofClickHouse();
    Latencies one = ask(questions, inClickHouse, answers);
    cpu = Cpu.ofClickHouse() - cpu;
    List<A> others = new ArrayList<>();
    Latencies other = ask(questions, inPostgres, others);
    for (int i = 0; i < questions.size(); i++) {
      if (!answers.get(i).equals(others.get(i))) {
        throw new IllegalStateException(
            "%s is answered with%n%s%nand%n%s"
                .formatted(questions.get(i), answers.get(i), others.get(i)));
      }
    }
    table.row(
        what,
        format(
            "ClickHouse p50 %.1f ms, p99 %.1f ms, CPU %.0f ms; PostgreSQL p50 %.1f ms, p99 %.1f ms%s",
            one.percentile(0.5),
            one.percentile(0.99),
            cpu * 1000 / questions.size(),
            other.percentile(0.5),
            other.percentile(0.99),
            found(answers)),
        wanted,
        bare);
  }

  private static <Q, A> Latencies ask(
      List<Q> questions, Function<Q, CompletionStage<A>> catalog, List<A> answers)
      throws Exception {
    Latencies latencies = new Latencies();
    for (int i = 0; i < questions.size(); i++) {
      long begin = System.nanoTime();
      answers.add(catalog.apply(questions.get(i)).toCompletableFuture().get(60, TimeUnit.SECONDS));
      if (i >= WARM_UP) {
        latencies.add(System.nanoTime() - begin);
      }
    }
    return latencies.sorted();
  }

  private static String found(List<?> answers) {
    return answers.get(0) instanceof Page
        ? format(
            "; %.1f sessions found",
            answers.stream().mapToInt(page -> ((Page) page).items().size()).average().orElseThrow())
        : "";
  }

  private static String format(String pattern, Object... arguments) {
    return String.format(Locale.ROOT, pattern, arguments);
  }
}
