package dev.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Requests with a credential, and answers as JSON; what fails in passing is tried again. */
final class Transport {
  /** How often a request may be sent when nobody knows whether the server has got it. */
  enum Repeat {
    ALWAYS,
    /** Only when the server can't have done anything yet. */
    IF_UNDONE
  }

  /**
   * A request.
   *
   * @param body null for none
   * @param limit how long one answer may take
   * @param patience how long to try again
   */
  record Question(
      String method,
      String path,
      @Nullable String body,
      Map<String, String> headers,
      Repeat repeat,
      Duration limit,
      Duration patience) {}

  private final HttpClient http;
  private final Executor executor;
  private final String origin;
  private final String credential;

  /**
   * @param origin without a slash at its end
   * @param executor on which answers are dealt with
   */
  Transport(String origin, String credential, Duration connectLimit, Executor executor) {
    this.origin = origin;
    this.credential = credential;
    this.executor = executor;
    this.http =
        HttpClient.newBuilder()
            // The JDK would ask to upgrade the first request, and lose its body when that is
            // granted.
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connectLimit)
            .executor(executor)
            .build();
  }

  String origin() {
    return origin;
  }

  HttpClient http() {
    return http;
  }

  Executor executor() {
    return executor;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(origin + path))
        .header("Authorization", "Bearer " + credential);
  }

  /**
   * Asks until there is an answer that stays as it is, or patience is over.
   *
   * @throws ParleyException when it is not the one that was hoped for
   */
  JsonNode ask(Question question) {
    Tries tries = new Tries(question.patience(), System::nanoTime, new SplittableRandom());
    while (true) {
      ParleyException failure;
      Duration asked = Duration.ZERO;
      try {
        HttpResponse<String> response =
            http.send(httpRequest(question), BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (response.statusCode() / 100 == 2) {
          return json(response);
        }
        failure = refusal(response.statusCode(), response.body());
        if (!mayRepeat(question, response.statusCode())) {
          throw failure;
        }
        asked = RetryAfter.of(response.headers(), Instant.now());
      } catch (IOException e) {
        failure = new NotAnsweringException(origin, e);
        if (!mayRepeat(question, e)) {
          throw failure;
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
      ParleyException last = failure;
      pause(tries.pauseAfterFailure(asked).orElseThrow(() -> last));
    }
  }

  /** The body of an answer as it comes, however long it takes. Asked for once. */
  InputStream open(String path) {
    HttpResponse<InputStream> response = send(request(path).build(), BodyHandlers.ofInputStream());
    if (response.statusCode() / 100 == 2) {
      return response.body();
    }
    try (InputStream body = response.body()) {
      throw refusal(response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new NotAnsweringException(origin, e);
    }
  }

  /** Posts a body of any length, however long it takes. Sent once. */
  JsonNode post(String path, String contentType, InputStream body) {
    HttpResponse<String> response =
        send(
            request(path)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofInputStream(() -> body))
                .build(),
            BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (response.statusCode() / 100 == 2) {
      return json(response);
    }
    throw refusal(response.statusCode(), response.body());
  }

  private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new NotAnsweringException(origin, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private HttpRequest httpRequest(Question question) {
    String text = question.body();
    BodyPublisher body = text == null ? BodyPublishers.noBody() : BodyPublishers.ofString(text);
    HttpRequest.Builder request =
        request(question.path()).timeout(question.limit()).method(question.method(), body);
    question.headers().forEach(request::header);
    return request.build();
  }

  private JsonNode json(HttpResponse<String> response) {
    return Json.parse(response.body())
        .orElseThrow(
            () -> new UnexpectedAnswerException(origin, response.statusCode() + " and no JSON"));
  }

  private ParleyException refusal(int status, String body) {
    // A proxy speaks of its own troubles in HTML.
    return RetryAfter.passes(status) || Json.parse(body).isPresent()
        ? RefusedException.of(origin, status, body)
        : new UnexpectedAnswerException(origin, status + " and no JSON");
  }

  /** A request that came too often was not looked at; 500 and more may come after the deed. */
  private static boolean mayRepeat(Question question, int status) {
    return question.repeat() == Repeat.ALWAYS ? RetryAfter.passes(status) : status == 429;
  }

  private static boolean mayRepeat(Question question, IOException failure) {
    return question.repeat() == Repeat.ALWAYS
        || failure instanceof ConnectException
        || failure instanceof HttpConnectTimeoutException;
  }

  private void pause(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private ParleyException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new ParleyException("Interrupted while Parley at " + origin + " was asked", e);
  }
}
