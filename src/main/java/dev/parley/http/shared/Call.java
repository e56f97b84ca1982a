package dev.parley.http.shared;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.auth.Credential;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A request whose sender is known, on its way through the checks of trigger.md section 1.2. */
public final class Call {
  private final HttpRequest request;
  private final Credential credential;
  private final IncomingBody body;
  private final long maxBody;

  Call(HttpRequest request, Credential credential, IncomingBody body, long maxBody) {
    this.request = request;
    this.credential = credential;
    this.body = body;
    this.maxBody = maxBody;
  }

  public HttpRequest request() {
    return request;
  }

  public Credential credential() {
    return credential;
  }

  /** The header's value; names are compared without case. */
  public Optional<String> header(String name) {
    return request.getHeader(name).map(HttpHeader::value);
  }

  /** The first value of a query parameter. */
  public Optional<String> query(String name) {
    return request.getUri().query().get(name);
  }

  /** All values of a parameter that may be repeated or hold several, separated by commas. */
  public List<String> queryList(String name) {
    return request.getUri().query().toList().stream()
        .filter(parameter -> parameter.first().equals(name))
        .flatMap(parameter -> Arrays.stream(parameter.second().split(",")))
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** The whole body. To be called once; fails with {@link Refused} when it is too large. */
  public CompletionStage<byte[]> body() {
    return body.read(maxBody);
  }

  /** The body as it comes, however long. To be called once, and to be read to its end. */
  public Source<ByteString, NotUsed> stream() {
    return body.stream();
  }

  /** The body as a JSON document that fits the schema. */
  public CompletionStage<JsonNode> json(BodySchema schema) {
    return body().thenApply(schema::read);
  }
}
