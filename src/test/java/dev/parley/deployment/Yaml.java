package dev.parley.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Files as their readers see them: anchors put in, a name said twice is an error. */
final class Yaml {
  private Yaml() {}

  /** What Docker Compose is to forget of the file before, in the place of what would be added. */
  private static final class ComposeTags extends SafeConstructor {
    ComposeTags(LoaderOptions options) {
      super(options);
      yamlConstructors.put(
          new Tag("!reset"),
          new AbstractConstruct() {
            @Override
            public Object construct(Node node) {
              return constructSequence((SequenceNode) node);
            }
          });
    }
  }

  /** All documents of a file. */
  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> documents(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      List<Map<String, Object>> all = new ArrayList<>();
      new org.yaml.snakeyaml.Yaml(new ComposeTags(options))
          .loadAll(Files.readString(file))
          .forEach(document -> all.add((Map<String, Object>) document));
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is found at the end of a path of names and of numbers of elements. */
  @SuppressWarnings("unchecked")
  static <T> T at(Object from, Object... path) {
    Object found = from;
    for (Object step : path) {
      found =
          step instanceof Integer index
              ? ((List<Object>) found).get(index)
              : ((Map<String, Object>) found).get(step);
      if (found == null) {
        throw new AssertionError("no " + step + " in " + from);
      }
    }
    return (T) found;
  }
}
