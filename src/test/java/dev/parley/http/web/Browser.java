package dev.parley.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.OwnServer;
import dev.parley.http.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import okhttp3.Cookie;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Somebody with a browser, as far as a server sees it: it keeps the session's cookie. */
public final class Browser {
  public static final String PASSWORD = "correct horse battery";

  private static final OkHttpClient HTTP =
      new OkHttpClient.Builder().readTimeout(Duration.ofSeconds(30)).build();

  private final String origin;
  private final String name;

  /** Of its own, for servers that trust who connects to them. */
  private final String address = randomAddress();

  private @Nullable String cookie;

  /**
   * @param origin of the server
   */
  public Browser(String origin) {
    this(origin, "sessionId");
  }

  /**
   * @param name of the session's cookie
   */
  public Browser(String origin, String name) {
    this.origin = origin;
    this.name = name;
  }

  /** An address that nobody else has. */
  public static String randomAddress() {
    long random = UUID.randomUUID().getMostSignificantBits();
    return "10.%d.%d.%d".formatted(random & 0xff, random >> 24 & 0xff, random >> 40 & 0xff);
  }

  public static String newEmail() {
    return UUID.randomUUID() + "@example.com";
  }

  /** Another with the same cookie, at a server of its own. */
  public Browser at(String other) {
    Browser copy = new Browser(other, name);
    copy.cookie = cookie;
    return copy;
  }

  public @Nullable String cookie() {
    return cookie;
  }

  public Browser with(@Nullable String value) {
    cookie = value;
    return this;
  }

  public Answer get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  public Answer post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  /**
   * @param headers names and values in turns
   */
  public Answer send(String method, String path, String body, String... headers) {
    Headers.Builder all = Headers.of(headers).newBuilder();
    if (cookie != null) {
      all.add("Cookie", name + "=" + cookie);
    }
    if (all.get("X-Forwarded-For") == null) {
      all.add("X-Forwarded-For", address);
    }
    Request request =
        new Request.Builder()
            .url(origin + path)
            .headers(all.build())
            .method(
                method,
                method.equals("GET") || method.equals("HEAD")
                    ? null
                    : RequestBody.create(body, MediaType.get("application/json")))
            .build();
    try (Response response = HTTP.newCall(request).execute()) {
      setCookie(response.headers())
          .ifPresent(set -> cookie = set.value().isEmpty() ? null : set.value());
      return Answer.of(response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The session's cookie as an answer sets it. */
  public Optional<Cookie> setCookie(Headers headers) {
    HttpUrl url = HttpUrl.get(origin);
    return headers.values("Set-Cookie").stream()
        .map(value -> Cookie.parse(url, value))
        .filter(set -> set != null && set.name().equals(name))
        .findFirst();
  }

  public static String credentials(String email, String password) {
    return "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password);
  }

  public Answer signUp(String email) {
    return post("/api/auth/signup", credentials(email, PASSWORD));
  }

  public Answer logIn(String email, String password) {
    return post("/api/auth/login", credentials(email, password));
  }

  /** Signs up with an address of its own and returns that. */
  public String signUp() {
    String email = newEmail();
    Answer answer = signUp(email);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return email;
  }

  /** What whoami says; the test fails when nobody is logged in. */
  public JsonNode whoAmI() {
    Answer answer = get("/api/init/whoami");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  public boolean isLoggedIn() {
    int status = get("/api/init/whoami").status();
    assertThat(status).isIn(200, 401);
    return status == 200;
  }

  /** Puts the clock of an {@link OwnServer} forward. */
  public Instant advance(Duration by) {
    Answer answer =
        post(
            "/test/clock/advance",
            "{\"ms\":" + by.toMillis() + "}",
            "Authorization",
            "Bearer " + OwnServer.KEY);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return Instant.parse(answer.json().get("now").textValue());
  }

  /** Forgets the connections, before a server is stopped. */
  public static void disconnect() {
    HTTP.connectionPool().evictAll();
  }
}
