package dev.parley.agent;

import dev.parley.agent.StallLimit.StallException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an endpoint and gives its answer as it comes. A request that got no answer (no connection, a
 * connection that broke before the status, 429 or 5xx) is repeated after a pause, the other side's
 * {@code Retry-After} or ours, whichever is longer, as long as tries and the turn's time allow.
 * From a successful status on nothing is repeated: a part may have been read. Nor is a request
 * after which nothing came for the stall limit: the other side may be at work. Redirects are not
 * followed.
 *
 * <p>One stream holds all of a try, so that cancelling it, or failing it, closes the connection.
 */
final class HttpExchange {
  private static final Logger log = LoggerFactory.getLogger(HttpExchange.class);
  private static final double JITTER = 0.25;

  private final String agentId;
  private final HttpConnection connection;
  private final AgentLimits limits;
  private final UnaryOperator<String> redact;

  /**
   * @param redact takes the secret out of a text
   */
  HttpExchange(
      String agentId, HttpConnection connection, AgentLimits limits, UnaryOperator<String> redact) {
    this.agentId = agentId;
    this.connection = connection;
    this.limits = limits;
    this.redact = redact;
  }

  /** A POST of a JSON document. */
  static HttpRequest post(String target, byte[] json) {
    return HttpRequest.POST(target)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, json))
        .addHeader(RawHeader.create("Accept-Encoding", "identity"));
  }

  /**
   * The answer; no text of a failure holds the secret.
   *
   * @param request makes the request of a try
   */
  Source<AgentOutput, NotUsed> send(Supplier<HttpRequest> request, AnswerFormat format) {
    return Source.lazySource(
            () -> new Run(request, format, System.nanoTime() + limits.time().toNanos()).attempt(1))
        .map(this::withoutSecret)
        .mapMaterializedValue(started -> NotUsed.getInstance());
  }

  private AgentOutput withoutSecret(AgentOutput output) {
    return output instanceof AgentOutput.Failed failed
        ? new AgentOutput.Failed(redact.apply(failed.reason()), failed.retryable())
        : output;
  }

  /** One run of the source. */
  private final class Run {
    private final Supplier<HttpRequest> request;
    private final AnswerFormat format;
    private final long deadline;

    /**
     * @param deadline of the turn, on {@link System#nanoTime}'s scale
     */
    Run(Supplier<HttpRequest> request, AnswerFormat format, long deadline) {
      this.request = request;
      this.format = format;
      this.deadline = deadline;
    }

    Source<AgentOutput, NotUsed> attempt(int number) {
      AtomicBoolean answered = new AtomicBoolean();
      return connection
          .ask(request.get())
          .via(new StallLimit<>(limits.stall()))
          .orElse(Source.lazySource(() -> Source.failed(new NoAnswerException())))
          .flatMapConcat(
              response -> {
                answered.set(response.status().isSuccess());
                return outputs(response);
              })
          .recoverWithRetries(
              1,
              new PFBuilder<Throwable, Graph<SourceShape<AgentOutput>, NotUsed>>()
                  .matchAny(failure -> after(failure, answered.get(), number))
                  .build())
          // What follows an end is not waited for.
          .takeWhile(output -> !output.isEnd(), true);
    }

    private Source<AgentOutput, NotUsed> outputs(HttpResponse response) {
      int status = response.status().intValue();
      if (status == 429 || status >= 500) {
        return Source.failed(new NoAnswerException(status, RetryAfterHeader.of(response)));
      }
      Source<ByteString, ?> bytes =
          response.entity().withoutSizeLimit().getDataBytes().via(new StallLimit<>(limits.stall()));
      return status >= 300
          // The status is known, whatever becomes of the text.
          ? read(bytes.onErrorComplete(), new RefusalReader(status, format::errorName))
          : read(bytes, reader(response));
    }

    private AnswerReader reader(HttpResponse response) {
      String encoding =
          response.getHeader("Content-Encoding").map(HttpHeader::value).orElse("identity");
      if (!encoding.equalsIgnoreCase("identity")) {
        return MediaTypes.refusing("what was asked for (it is compressed)");
      }
      MediaType type = response.entity().getContentType().mediaType();
      return format.reader(
          response.status().intValue(),
          (type.mainType() + "/" + type.subType()).toLowerCase(Locale.ROOT),
          !response.entity().isCloseDelimited());
    }

    private Source<AgentOutput, NotUsed> read(Source<ByteString, ?> bytes, AnswerReader reader) {
      return bytes
          .map(Optional::of)
          .concat(Source.single(Optional.empty()))
          .mapConcat(chunk -> chunk.map(reader::read).orElseGet(reader::end))
          .mapMaterializedValue(ignored -> NotUsed.getInstance());
    }

    /** What to do after a try that failed. */
    private Source<AgentOutput, NotUsed> after(Throwable failure, boolean answered, int number) {
      Throwable cause = root(failure);
      if (cause instanceof StallException) {
        return failed(
            cause,
            "The agent has sent nothing for " + AgentLimits.seconds(limits.stall()) + ".",
            true);
      }
      if (cause instanceof RefusedAddressException) {
        return failed(cause, "The agent is at an address that is not permitted.", false);
      }
      if (answered) {
        return failed(cause, "The agent's answer broke off.", true);
      }
      NoAnswerException refusal =
          cause instanceof NoAnswerException e ? e : new NoAnswerException();
      String what = refusal.reason();
      if (number >= limits.tries()) {
        return failed(cause, what + " (tried " + number + " times).", true);
      }
      Duration wait = pause(number, refusal.retryAfter());
      if (wait.toNanos() > deadline - System.nanoTime()) {
        return failed(
            cause,
            what
                + "; the next try, in "
                + wait.toSeconds()
                + " s, would come after the turn's end.",
            true);
      }
      log.debug("Agent {}: {}, next try in {}", agentId, what, wait);
      return Source.single(number + 1).initialDelay(wait).flatMapConcat(this::attempt);
    }

    private Duration pause(int number, Duration retryAfter) {
      long ours = limits.pauseAfter(number).toNanos();
      Duration spread =
          Duration.ofNanos(
              ours + (long) (ours * JITTER * ThreadLocalRandom.current().nextDouble()));
      return spread.compareTo(retryAfter) > 0 ? spread : retryAfter;
    }

    private Source<AgentOutput, NotUsed> failed(Throwable cause, String reason, boolean retryable) {
      log.warn("Agent {}: {} {}", agentId, reason, describe(cause));
      return Source.single(new AgentOutput.Failed(reason, retryable));
    }
  }

  /** For the log. A parser's text would show what the other side has sent, so its name must do. */
  private String describe(Throwable cause) {
    boolean ours = cause.getClass().getPackage() == HttpExchange.class.getPackage();
    return redact.apply(
        ours || cause instanceof IOException ? cause.toString() : cause.getClass().getName());
  }

  /** What is meant, below the wrappings of futures and streams. */
  private static Throwable root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause;
  }
}
