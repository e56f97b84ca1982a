package dev.parley.ops.doctor;

import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import java.util.List;
import java.util.Locale;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code GET /api/admin/doctor} for whoever has the secret key (across.md section 6). */
public final class DoctorRoutes {
  private final Endpoints endpoints;
  private final Doctor doctor;

  public DoctorRoutes(Endpoints endpoints, Doctor doctor) {
    this.endpoints = endpoints;
    this.doctor = doctor;
  }

  public Route routes() {
    return path(
        segment("api").slash("admin").slash("doctor"),
        () ->
            endpoints
                .own()
                .loader(
                    "GET",
                    Access.SECRET_KEY,
                    call ->
                        doctor.examine().thenApply(checks -> Answers.json(200, document(checks))))
                .route());
  }

  /** {@code {checks:[{name,status,value,remedy?}]}}. */
  public static ObjectNode document(List<Check> checks) {
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("checks");
    for (Check check : checks) {
      ObjectNode one =
          list.addObject()
              .put("name", check.name())
              .put("status", check.status().name().toLowerCase(Locale.ROOT))
              .put("value", check.value());
      if (check.remedy() != null) {
        one.put("remedy", check.remedy());
      }
    }
    return body;
  }
}
