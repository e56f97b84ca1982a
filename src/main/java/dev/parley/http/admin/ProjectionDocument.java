package dev.parley.http.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Json;
import dev.parley.projection.ProjectionStatus;

/** The state of a projection as JSON. */
final class ProjectionDocument {
  private ProjectionDocument() {}

  static ObjectNode of(ProjectionStatus status) {
    ObjectNode document =
        Json.object()
            .put("name", status.name())
            .put("paused", status.paused())
            .put("eventsBehind", status.eventsBehind())
            .put("lagSeconds", status.lag().toMillis() / 1000.0)
            .put("parked", status.parked());
    ArrayNode slices = document.putArray("slices");
    for (ProjectionStatus.Slice slice : status.slices()) {
      slices.addObject().put("key", slice.key()).put("offset", slice.offset());
    }
    return document;
  }
}
