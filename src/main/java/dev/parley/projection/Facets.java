package dev.parley.projection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.session.Text;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The scalars of a session's metadata as texts that can be looked up: the path to each, a
 * separator, its value. Names on a path are joined by dots; an array stands for each of its
 * elements. Both stores hold these texts, so both find the same.
 */
final class Facets {
  /** More are not looked up; metadata is for people and machines to read, not a document store. */
  static final int MAX_FACETS = 256;

  /** Longest path and value together, in characters. */
  static final int MAX_LENGTH = 512;

  /** Not to be typed, and refused in names. */
  private static final char SEPARATOR = '\u001f';

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Set<String> found = new LinkedHashSet<>();

  private Facets() {}

  /**
   * The facets of metadata.
   *
   * @param metadata a JSON object as text; null for none
   */
  static List<String> of(@Nullable String metadata) {
    if (metadata == null) {
      return List.of();
    }
    Facets facets = new Facets();
    try {
      facets.collect("", JSON.readTree(metadata));
    } catch (JsonProcessingException e) {
      // Deeper than the parser goes: it can be shown and not be looked up.
      return List.of();
    }
    return List.copyOf(facets.found);
  }

  /** The text by which sessions are found that have this value at the path. */
  static String facet(String path, String value) {
    return path + SEPARATOR + value;
  }

  private void collect(String path, JsonNode node) {
    if (found.size() >= MAX_FACETS) {
      return;
    }
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        if (member.getKey().indexOf(SEPARATOR) < 0) {
          collect(
              path.isEmpty() ? member.getKey() : path + "." + member.getKey(), member.getValue());
        }
      }
    } else if (node.isArray()) {
      node.forEach(element -> collect(path, element));
    } else {
      String facet = facet(path, node.asText());
      if (facet.length() <= MAX_LENGTH && Text.problem(facet).isEmpty()) {
        found.add(facet);
      }
    }
  }
}
