package dev.parley.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Where an S2 client reaches a stream. */
record S2Target(int port, String token, String basin, String stream) {
  /** The {@code .out} of a session, by the credentials that the server gives for it. */
  static S2Target of(ParleyServer server, String key) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .build()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://127.0.0.1:%d/realtime/v1/sessions/%s/out"
                                .formatted(server.port(), key)))
                    .header("Authorization", "Bearer " + ParleyServer.KEY)
                    .PUT(HttpRequest.BodyPublishers.ofString("{}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 202) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
    return new S2Target(
        server.port(),
        answer.headers().firstValue("X-S2-Access-Token").orElseThrow(),
        answer.headers().firstValue("X-S2-Basin").orElseThrow(),
        answer.headers().firstValue("X-S2-Stream-Name").orElseThrow());
  }

  byte[] headers(String method, String query) {
    return Http2Wire.literals(
        ":method",
        method,
        ":scheme",
        "http",
        ":authority",
        "127.0.0.1:" + port,
        ":path",
        "/v1/streams/" + stream + "/records" + query,
        "authorization",
        "Bearer " + token,
        "s2-basin",
        basin,
        "content-type",
        "s2s/proto",
        "accept",
        "application/protobuf");
  }
}
