package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopesTest {
  /** Scopes and resource ids are separated by blanks, {@code -} is the type as a whole. */
  @ParameterizedTest(name = "[{0}] {1} {2} {3}: {4}")
  @CsvSource({
    "'read:sessions:chat-1',        read,  sessions, chat-1,            true",
    "'read:sessions:chat-1',        read,  sessions, s_9 chat-1,        true",
    "'read:sessions:chat-1',        read,  sessions, chat-2,            false",
    "'read:sessions:chat-1',        read,  sessions, chat-10,           false",
    "'read:sessions:chat-1',        read,  sessions, -,                 false",
    "'read:sessions:chat-1',        write, sessions, chat-1,            false",
    "'read:sessions:chat-1',        read,  tasks,    chat-1,            false",
    "'read:sessions',               read,  sessions, chat-1,            true",
    "'read:sessions',               read,  sessions, -,                 true",
    "'read:sessions',               read,  tasks,    -,                 false",
    "'read:sessions:',              read,  sessions, chat-1,            false",
    "'read:sessions:',              read,  sessions, -,                 false",
    "'read:sessions:a:b:c',         read,  sessions, a:b:c,             true",
    "'read:sessions:a:b:c',         read,  sessions, a,                 false",
    "'read:sessions:a:b:c',         read,  sessions, b:c,               false",
    "'read:sessions:s:channels:x',  read,  sessions, s,                 false",
    "'read:sessions:s:channels:x',  read,  sessions, s s:channels:x,    true",
    "'read:sessions:s:channels:x',  read,  sessions, s:channels:y,      false",
    "'admin',                       write, sessions, -,                 true",
    "'admin',                       read,  tasks,    t,                 true",
    "'admin:sessions',              admin, sessions, chat-1,            true",
    "'admin:sessions',              read,  sessions, chat-1,            false",
    "'admin:',                      read,  sessions, chat-1,            false",
    "'Admin',                       read,  sessions, chat-1,            false",
    "'write:sessions',              read,  sessions, chat-1,            false",
    "'write:sessions',              admin, sessions, chat-1,            false",
    "'*:sessions',                  admin, sessions, chat-1,            true",
    "'*:sessions:chat-1',           write, sessions, chat-1,            true",
    "'*:sessions:chat-1',           write, sessions, chat-2,            false",
    "'*:sessions',                  write, tasks,    t,                 false",
    "'read:all',                    read,  tasks,    t,                 true",
    "'read:all',                    read,  tasks,    -,                 true",
    "'read:all',                    write, tasks,    t,                 false",
    "'read:all:x',                  read,  tasks,    t,                 true",
    "'*:all',                       admin, sessions, chat-1,            true",
    "'read',                        read,  sessions, -,                 false",
    "'*',                           read,  sessions, -,                 false",
    "'*:*',                         read,  sessions, chat-1,            false",
    "'read:sessions:*',             read,  sessions, chat-1,            false",
    "'',                            read,  sessions, -,                 false",
    "':sessions',                   read,  sessions, -,                 false",
    "'read:tasks read:sessions:b',  read,  sessions, b,                 true",
  })
  void grants_what_the_contract_says(
      String scopes, String action, String type, String ids, boolean granted) {
    List<Resource> resources =
        Arrays.stream(ids.split(" +"))
            .map(id -> new Resource(type, id.equals("-") ? null : id))
            .toList();
    assertThat(Scopes.parse(List.of(scopes.split(" "))).allowsAny(action, resources))
        .isEqualTo(granted);
  }

  @Test
  void a_list_filtered_by_tasks_needs_every_task() {
    List<Resource> both = List.of(new Resource("tasks", "a"), new Resource("tasks", "b"));
    Scopes one = Scopes.parse(List.of("read:tasks:a"));
    assertThat(one.allowsAny("read", both)).isTrue();
    assertThat(one.allowsAll("read", both)).isFalse();
    assertThat(Scopes.parse(List.of("read:tasks:a", "read:tasks:b")).allowsAll("read", both))
        .isTrue();
    assertThat(Scopes.parse(List.of("read:tasks")).allowsAll("read", both)).isTrue();
  }

  @Test
  void without_a_resource_nothing_is_granted() {
    Scopes admin = Scopes.parse(List.of("admin"));
    assertThat(admin.allowsAny("read", List.of())).isFalse();
    assertThat(admin.allowsAll("read", List.of())).isFalse();
  }

  @Test
  void a_resource_type_has_no_colon() {
    assertThatThrownBy(() -> new Resource("sessions:x", null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void agrees_with_the_list_of_all_granting_scopes(
      @ForAll("scopes") List<String> scopes,
      @ForAll("actions") String action,
      @ForAll("resources") List<Resource> resources) {
    boolean any = resources.stream().anyMatch(it -> granting(scopes, action, it));
    boolean all =
        !resources.isEmpty() && resources.stream().allMatch(it -> granting(scopes, action, it));
    Statistics.label("granted")
        .collect(any)
        .coverage(it -> it.check(true).percentage(share -> share > 5));
    Scopes parsed = Scopes.parse(scopes);
    assertThat(parsed.allowsAny(action, resources)).isEqualTo(any);
    assertThat(parsed.allowsAll(action, resources)).isEqualTo(all);
  }

  /** The second implementation: takes no scope apart, but spells out those that would do. */
  private static boolean granting(Collection<String> scopes, String action, Resource resource) {
    String own = ":" + resource.type();
    for (String scope : scopes) {
      for (String prefix : List.of(action, "*")) {
        if (scope.equals("admin")
            || scope.equals(prefix + ":all")
            || scope.startsWith(prefix + ":all:")
            || scope.equals(prefix + own)
            || (resource.id() != null && scope.equals(prefix + own + ":" + resource.id()))) {
          return true;
        }
      }
    }
    return false;
  }

  @Provide
  Arbitrary<String> actions() {
    return Arbitraries.of("read", "write", "admin");
  }

  @Provide
  Arbitrary<List<String>> scopes() {
    Arbitrary<String> any =
        Arbitraries.of("read", "write", "admin", "*", "all", "sessions", "tasks", "", "a", "a:b");
    Arbitrary<String> likely =
        Combinators.combine(
                Arbitraries.of("read", "write", "admin", "*"),
                Arbitraries.of(":sessions", ":tasks", ":all"),
                Arbitraries.of("", "", ":a", ":b", ":a:b", ":", ":*"))
            .as((action, type, id) -> action + type + id);
    Arbitrary<String> odd =
        any.list().ofMinSize(1).ofMaxSize(4).map(parts -> String.join(":", parts));
    return Arbitraries.oneOf(likely, odd).list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<Resource>> resources() {
    return Combinators.combine(
            Arbitraries.of("sessions", "tasks"),
            Arbitraries.of("a", "b", "a:b", "", "*", "all").injectNull(0.3))
        .as(Resource::new)
        .list()
        .ofMaxSize(3);
  }
}
