package dev.parley.http.uploads;

import static dev.parley.http.Fixtures.created;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.TestServer;
import dev.parley.http.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A client that goes away in the middle of a file. */
class BrokenUploadTest {
  private static byte[] head(String session, int length) {
    return ("POST /api/storage/upload?session="
            + session
            + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + TestServer.ACME_KEY
            + "\r\nContent-Type: "
            + FormData.TYPE
            + "\r\nContent-Length: "
            + length
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void leaves_nothing_behind() throws IOException {
    String session = created("broken");
    byte[] whole =
        new FormData().file("file", "a.txt", "text/plain", Samples.longText(3_000_000)).end();
    try (Socket socket = new Socket("127.0.0.1", TestServer.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(head(session, whole.length));
      out.write(whole, 0, 2_000_000);
      out.flush();
      // It is there while it comes, else the test would show nothing.
      assertThat(StoredFiles.awaitCount(session, 1)).isEqualTo(1);
    }
    assertThat(StoredFiles.awaitCount(session, 0)).isZero();
    byte[] again = new FormData().file("file", "a.txt", "text/plain", Samples.TEXT).end();
    assertThat(
            Wire.post("/api/storage/upload?session=" + session)
                .contentType(FormData.TYPE)
                .asAcme()
                .body(again)
                .send()
                .status())
        .isEqualTo(201);
  }
}
