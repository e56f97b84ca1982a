package dev.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.TestServer;
import dev.parley.http.Wire.Version;
import dev.parley.http.shared.Outgoing;
import dev.parley.http.shared.RequestId;
import dev.parley.http.shared.RequestMeter;
import dev.parley.http.shared.SecurityHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What browsers are told not to do with an answer, and the ceiling of all requests. */
class SecurityHeadersTest {
  private static final int CEILING = 70 << 20;

  @ParameterizedTest
  @EnumSource(Version.class)
  void no_answer_may_be_taken_for_something_else(Version version) {
    for (String path : List.of("/health", "/nowhere", "/api/v1/sessions", "/metrics")) {
      Answer answer = Wire.get(path).over(version).send();
      assertThat(answer.headers().values("X-Content-Type-Options"))
          .as(path)
          .containsExactly("nosniff");
      assertThat(answer.header("Strict-Transport-Security")).as(path).isNull();
    }
  }

  @Test
  void nor_the_answer_to_what_is_no_request() {
    assertThat(RawHttp.request("GET /a b c HTTP/1.1", "Host: x").text())
        .contains("X-Content-Type-Options: nosniff");
  }

  private static HttpResponse finished(boolean httpsOnly, HttpResponse response) {
    return new Outgoing(
            Duration.ofSeconds(30), () -> false, new SecurityHeaders(httpsOnly), RequestMeter.NONE)
        .finish(RequestId.assign(HttpRequest.GET("/")), response);
  }

  private static String header(HttpResponse response, String name) {
    return response.getHeader(name).map(HttpHeader::value).orElse("");
  }

  private static HttpResponse page() {
    return HttpResponse.create()
        .withEntity(HttpEntities.create(ContentTypes.TEXT_HTML_UTF8, "<p>Hello</p>"));
  }

  @Test
  void a_page_gets_no_more_than_this_server() {
    HttpResponse page = finished(false, page());
    assertThat(header(page, "Content-Security-Policy"))
        .contains("default-src 'self'", "object-src 'none'", "frame-ancestors 'self'");
    assertThat(header(page, "X-Frame-Options")).isEqualTo("SAMEORIGIN");
    assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
  }

  @Test
  void a_page_with_a_policy_of_its_own_keeps_it() {
    HttpHeader own =
        RawHeader.create("Content-Security-Policy", "frame-ancestors https://a.example");
    HttpResponse page = finished(false, page().addHeader(own));
    assertThat(page.getHeaders()).filteredOn(one -> one.is("content-security-policy")).hasSize(1);
    assertThat(header(page, "Content-Security-Policy")).isEqualTo(own.value());
    assertThat(header(page, "X-Frame-Options")).isEmpty();
  }

  @Test
  void a_server_behind_https_is_asked_by_https_alone() {
    assertThat(header(finished(true, page()), "Strict-Transport-Security"))
        .isEqualTo("max-age=31536000");
    assertThat(header(finished(true, HttpResponse.create()), "Strict-Transport-Security"))
        .isNotEmpty();
  }

  @Test
  void no_request_declares_more_than_70_mb() {
    for (String path : List.of("/api/v1/sessions", "/nowhere", "/api/storage/upload")) {
      RawHttp.Reply reply =
          RawHttp.firstAnswer(
              ("POST "
                      + path
                      + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                      + TestServer.ACME_KEY
                      + "\r\nContent-Length: "
                      + (CEILING + 1)
                      + "\r\n\r\nx")
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(reply.status()).as(path).isEqualTo(413);
      assertThat(reply.text()).as(path).contains("73400320");
    }
  }
}
