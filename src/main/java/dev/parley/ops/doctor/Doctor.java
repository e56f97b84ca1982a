package dev.parley.ops.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** All examinations of a server, done at the same time and told in their order. */
public final class Doctor {
  private static final Duration LIMIT = Duration.ofSeconds(8);

  private final List<Examination> examinations;
  private final Duration limit;

  public Doctor(List<Examination> examinations) {
    this(examinations, LIMIT);
  }

  /**
   * @param limit for each examination
   */
  Doctor(List<Examination> examinations, Duration limit) {
    this.examinations = List.copyOf(examinations);
    this.limit = limit;
  }

  /** Never fails: what could not be looked at is a failed check. */
  public CompletionStage<List<Check>> examine() {
    List<CompletableFuture<List<Check>>> looks = examinations.stream().map(this::look).toList();
    return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              List<Check> checks = new ArrayList<>();
              looks.forEach(look -> checks.addAll(look.join()));
              return checks;
            });
  }

  private CompletableFuture<List<Check>> look(Examination examination) {
    return CompletableFuture.completedFuture(examination)
        .thenCompose(Examination::look)
        .toCompletableFuture()
        .copy()
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> List.of(failed(examination.name(), failure)));
  }

  private Check failed(String name, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    // Without the text of unknown exceptions, which may show anything.
    String seen =
        cause instanceof TimeoutException
            ? "no answer within " + limit.toSeconds() + " s"
            : "the check itself failed (" + cause.getClass().getSimpleName() + ")";
    return Check.fail(name, seen, "Look into the log of the server, and try again");
  }
}
