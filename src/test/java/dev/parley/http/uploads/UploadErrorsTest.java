package dev.parley.http.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.shared.Refused;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.junit.jupiter.api.Test;

class UploadErrorsTest {
  private static int status(Throwable failure) {
    Throwable told = UploadErrors.explained(new CompletionException(failure), 1_000);
    assertThat(told).isInstanceOf(Refused.class);
    return ((Refused) told).response().status().intValue();
  }

  @Test
  void what_streams_and_storage_say_becomes_the_contracts_status() {
    assertThat(status(new StreamLimitReachedException(1_000))).isEqualTo(413);
    assertThat(status(new EntityStreamException(new ErrorInfo("cut", "off")))).isEqualTo(400);
    assertThat(status(new TimeoutException("late"))).isEqualTo(400);
    assertThat(status(new SQLException("away"))).isEqualTo(503);
    assertThat(status(UploadErrors.typeNotAllowed("a"))).isEqualTo(415);
  }

  @Test
  void what_nobody_foresaw_stays_an_error_of_ours() {
    IOException full = new IOException("No space left on device");
    assertThat(UploadErrors.explained(new CompletionException(full), 1)).isSameAs(full);
  }
}
