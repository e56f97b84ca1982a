package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Random lives of one session, against the naive clockwork. */
class LifetimePropertyTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00.123Z");

  /** How the clock moves before a step: by a pause, or to somewhere near a deadline. */
  private enum Move {
    PAUSE,
    TO_NEXT_DEADLINE,
    TO_LATEST_END
  }

  /**
   * @param millis the pause, or the distance from the deadline
   * @param policy the new one if the action is a PATCH
   */
  private record Step(Move move, long millis, String action, TimeoutPolicy policy) {}

  @Provide
  Arbitrary<TimeoutPolicy> policies() {
    Arbitrary<Double> minutes =
        Arbitraries.frequencyOf(
            tuple(4, Arbitraries.integers().between(1, 12).map(Integer::doubleValue)),
            tuple(2, Arbitraries.longs().between(60_000, 900_000).map(ms -> ms / 60_000.0)),
            tuple(1, Arbitraries.of(30.0, 720.0, 1_440.0, 20_160.0)));
    Arbitrary<Double> thresholds =
        Arbitraries.frequencyOf(tuple(9, minutes), tuple(1, Arbitraries.of(1e15, 1e300)));
    return Combinators.combine(minutes, Arbitraries.of(true, false), minutes, thresholds)
        .as(
            (timeout, autoRenew, maximum, threshold) ->
                new TimeoutPolicy(
                    timeout,
                    autoRenew,
                    wholeMillis(Math.min(TimeoutPolicy.LONGEST_MINUTES, maximum + timeout / 2)),
                    threshold));
  }

  /** Halves of a millisecond are left to the policy's own test. */
  private static double wholeMillis(double minutes) {
    return Math.floor(minutes * 60_000) / 60_000;
  }

  private static <T> Tuple2<Integer, Arbitrary<? extends T>> tuple(
      int weight, Arbitrary<T> arbitrary) {
    return Tuple.of(weight, arbitrary);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> pauses =
        Combinators.combine(
                Arbitraries.frequencyOf(
                    tuple(3, Arbitraries.longs().between(0, 5_000)),
                    tuple(3, Arbitraries.longs().between(0, 400_000)),
                    tuple(1, Arbitraries.longs().between(0, 100_000_000))),
                actions(),
                policies())
            .as((millis, action, policy) -> new Step(Move.PAUSE, millis, action, policy));
    Arbitrary<Step> jumps =
        Combinators.combine(
                Arbitraries.of(Move.TO_NEXT_DEADLINE, Move.TO_NEXT_DEADLINE, Move.TO_LATEST_END),
                Arbitraries.longs().between(-1, 1),
                actions(),
                policies())
            .as(Step::new);
    return Arbitraries.frequencyOf(tuple(3, pauses), tuple(2, jumps)).list().ofMaxSize(40);
  }

  private static Arbitrary<String> actions() {
    return Arbitraries.of("look", "look", "message", "heartbeat", "manual", "agent", "patch");
  }

  /** What came of running the steps on the core. */
  private static final class Run {
    Lifetime lifetime;
    Instant now = START;
    final List<String> reports = new ArrayList<>();

    Run(TimeoutPolicy policy) {
      lifetime = Lifetime.create(policy, now);
    }

    String step(Step step) {
      now = later(step);
      if (step.action().equals("look")) {
        return look();
      }
      if (step.action().equals("patch")) {
        if (lifetime.isExpired(now)) {
          return "expired";
        }
        lifetime = lifetime.withPolicy(step.policy(), now);
        return "patched";
      }
      Activity activity = Activity.valueOf(step.action().toUpperCase(Locale.ROOT));
      assertThat(activity.cause()).isEqualTo(step.action());
      return word(lifetime.on(activity, now));
    }

    private Instant later(Step step) {
      Instant from =
          switch (step.move()) {
            case PAUSE -> now;
            case TO_NEXT_DEADLINE -> lifetime.next().map(LifetimeDeadline::at).orElse(now);
            case TO_LATEST_END -> lifetime.latestEnd();
          };
      Instant target = from.plusMillis(step.millis());
      return target.isBefore(now) ? now : target;
    }

    private String look() {
      LifetimeDeadline due = lifetime.due(now).orElse(null);
      if (due == null) {
        return "nothing";
      }
      lifetime =
          due.kind() == LifetimeDeadline.Kind.WARNING
              ? lifetime.noteWarning()
              : lifetime.noteExpiry();
      reports.add(due.kind().name());
      return due.kind() + " at " + due.at().toEpochMilli();
    }

    private String word(Touch touch) {
      if (touch instanceof Touch.Renewed renewed) {
        lifetime = renewed.lifetime();
        reports.add("renewed");
        return "renewed";
      }
      if (touch instanceof Touch.Noted noted) {
        lifetime = noted.lifetime();
        return "noted";
      }
      if (touch instanceof Touch.Expired expired) {
        assertThat(expired.expiresAt()).isEqualTo(lifetime.expiresAt());
        return "expired";
      }
      assertThat(touch).isEqualTo(new Touch.AtMaximum(lifetime.latestEnd()));
      return "at maximum";
    }
  }

  @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void answers_and_state_are_those_of_the_naive_clockwork(
      @ForAll("policies") TimeoutPolicy policy, @ForAll("steps") List<Step> steps) {
    Run run = new Run(policy);
    NaiveLifetime naive = new NaiveLifetime(policy, START.toEpochMilli());
    assertSame(run.lifetime, naive, START);
    for (Step step : steps) {
      String answer = run.step(step);
      long now = run.now.toEpochMilli();
      String expected =
          switch (step.action()) {
            case "look" -> naive.look(now);
            case "patch" -> naive.patch(step.policy(), now);
            default -> naive.activity(step.action(), now);
          };
      assertThat(answer).isEqualTo(expected);
      assertSame(run.lifetime, naive, run.now);
    }
  }

  private static void assertSame(Lifetime lifetime, NaiveLifetime naive, Instant at) {
    long now = at.toEpochMilli();
    assertThat(lifetime.createdAt().toEpochMilli()).isEqualTo(naive.createdAt());
    assertThat(lifetime.base().toEpochMilli()).isEqualTo(naive.base());
    assertThat(lifetime.lastActivity().toEpochMilli()).isEqualTo(naive.lastActivity());
    assertThat(lifetime.renewalCount()).isEqualTo(naive.renewalCount());
    assertThat(lifetime.policy()).isEqualTo(naive.policy());
    assertThat(lifetime.expiresAt().toEpochMilli()).isEqualTo(naive.expiresAt());
    assertThat(lifetime.isExpired(at)).isEqualTo(naive.expired(now));
    assertThat(lifetime.timeRemaining(at)).isEqualTo(Duration.ofMillis(naive.timeRemaining(now)));
    assertThat(lifetime.isNearExpiration(at)).isEqualTo(naive.near(now));
    assertThat(lifetime.warned()).isEqualTo(naive.warned());
    assertThat(lifetime.expiryNoted()).isEqualTo(naive.has("expiry"));
    assertThat(lifetime.canRenew(at))
        .isEqualTo(
            now - naive.createdAt() < NaiveLifetime.millis(naive.policy().maxDurationMinutes()));
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void something_is_due_exactly_from_the_instant_that_was_announced(
      @ForAll("policies") TimeoutPolicy policy, @ForAll("steps") List<Step> steps) {
    Run run = new Run(policy);
    for (Step step : steps) {
      run.step(step);
      LifetimeDeadline next = run.lifetime.next().orElse(null);
      assertThat(next == null).isEqualTo(run.lifetime.expiryNoted());
      assertThat(run.lifetime.due(run.now).isPresent())
          .isEqualTo(next != null && !next.at().isAfter(run.now));
      if (next != null) {
        assertThat(run.lifetime.due(next.at())).contains(next);
        if (next.at().isAfter(run.lifetime.createdAt())) {
          assertThat(run.lifetime.due(next.at().minusMillis(1))).isEmpty();
        }
      }
    }
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void the_expiry_is_reported_once_and_last_and_a_warning_once_between_changes(
      @ForAll("policies") TimeoutPolicy policy, @ForAll("steps") List<Step> steps) {
    Run run = new Run(policy);
    List<String> log = new ArrayList<>();
    @Nullable String last = null;
    for (Step step : steps) {
      int before = run.reports.size();
      if (run.step(step).equals("patched")) {
        last = "patched";
      }
      for (String report : run.reports.subList(before, run.reports.size())) {
        assertThat(last).isNotEqualTo("EXPIRY");
        if (report.equals("WARNING")) {
          assertThat(last).isNotEqualTo("WARNING");
        }
        last = report;
        log.add(report);
      }
    }
    assertThat(log.stream().filter("EXPIRY"::equals)).hasSizeLessThanOrEqualTo(1);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void who_only_wakes_at_the_announced_instants_reports_each_deadline_at_its_time(
      @ForAll("policies") TimeoutPolicy policy) {
    Run run = new Run(policy);
    Instant warning = run.lifetime.warnAt().orElseThrow();
    Instant end = run.lifetime.expiresAt();
    List<String> seen = new ArrayList<>();
    for (int wake = 0; wake < 5 && run.lifetime.next().isPresent(); wake++) {
      run.now = run.lifetime.next().get().at();
      seen.add(run.look());
    }
    assertThat(seen)
        .containsExactly("WARNING at " + warning.toEpochMilli(), "EXPIRY at " + end.toEpochMilli());
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void what_is_finer_than_a_millisecond_changes_nothing(
      @ForAll("policies") TimeoutPolicy policy,
      @ForAll("steps") List<Step> steps,
      @ForAll @IntRange(max = 999_999) int nanos) {
    Run run = new Run(policy);
    assertThat(Lifetime.create(policy, START.plusNanos(nanos))).isEqualTo(run.lifetime);
    for (Step step : steps) {
      run.step(step);
      Instant finer = run.now.plusNanos(nanos);
      assertThat(run.lifetime.isExpired(finer)).isEqualTo(run.lifetime.isExpired(run.now));
      assertThat(run.lifetime.timeRemaining(finer)).isEqualTo(run.lifetime.timeRemaining(run.now));
      assertThat(run.lifetime.due(finer)).isEqualTo(run.lifetime.due(run.now));
      assertThat(run.lifetime.on(Activity.MANUAL, finer))
          .isEqualTo(run.lifetime.on(Activity.MANUAL, run.now));
    }
  }
}
