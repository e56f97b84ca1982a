package dev.parley.entity.webchat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.entity.StoringKit;
import dev.parley.entity.Tenure;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The actors of organizations and events, their bytes written and read. */
class WebchatEntitiesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          StoringKit.config(
              WebchatSerializer.class,
              OrganizationEvent.class,
              OrganizationSettings.class,
              EntryPointEvent.class,
              EntryPointState.class));

  private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
  private final String id = "env/" + UUID.randomUUID();
  private final TestProbe<OrganizationReply> settings =
      KIT.createTestProbe(OrganizationReply.class);
  private final TestProbe<EntryPointReply> entryPoints = KIT.createTestProbe(EntryPointReply.class);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private ActorRef<OrganizationMessage> organization(Tenure tenure) {
    return KIT.spawn(new OrganizationEntity(id, tenure));
  }

  private OrganizationSettings ask(
      ActorRef<OrganizationMessage> organization,
      Function<ActorRef<OrganizationReply>, OrganizationMessage> question) {
    organization.tell(question.apply(settings.ref()));
    return settings.receiveMessage().settings();
  }

  @Test
  void the_first_who_needs_a_key_makes_it_and_it_outlives_the_actor() {
    ActorRef<OrganizationMessage> organization = organization(Tenure.ALWAYS);
    assertThat(ask(organization, OrganizationMessage.Look::new).apiKey()).isNull();
    assertThat(journal.persistedInStorage("Webchat|" + id)).isEmpty();
    assertThat(ask(organization, to -> new OrganizationMessage.Tell("one", to)).apiKey())
        .isEqualTo("one");
    assertThat(ask(organization, to -> new OrganizationMessage.Tell("two", to)).apiKey())
        .isEqualTo("one");
    KIT.stop(organization);
    assertThat(ask(organization(Tenure.ALWAYS), OrganizationMessage.Look::new).apiKey())
        .isEqualTo("one");
  }

  @Test
  void a_change_that_changes_nothing_is_not_stored() {
    ActorRef<OrganizationMessage> organization = organization(Tenure.ALWAYS);
    Function<ActorRef<OrganizationReply>, OrganizationMessage> change =
        to ->
            new OrganizationMessage.Change(
                WidgetDomain.PROXY, List.of("https://a.example"), "key", to);
    OrganizationSettings first = ask(organization, change);
    assertThat(first.widgetDomain()).isEqualTo(WidgetDomain.PROXY);
    int stored = journal.persistedInStorage("Webchat|" + id).size();
    assertThat(stored).isEqualTo(2);
    assertThat(ask(organization, change)).isEqualTo(first);
    assertThat(journal.persistedInStorage("Webchat|" + id)).hasSize(stored);
    OrganizationSettings rotated =
        ask(organization, to -> new OrganizationMessage.Rotate("other", to));
    assertThat(rotated.apiKey()).isEqualTo("other");
    assertThat(rotated.allowedOrigins()).containsExactly("https://a.example");
  }

  @Test
  void an_owner_that_may_have_been_given_up_says_nothing() {
    AtomicBoolean holds = new AtomicBoolean(true);
    ActorRef<OrganizationMessage> organization = organization(holds::get);
    ask(organization, to -> new OrganizationMessage.Tell("one", to));
    ActorRef<EntryPointMessage> event = KIT.spawn(new EntryPointEntity(id, holds::get));
    holds.set(false);
    organization.tell(new OrganizationMessage.Look(settings.ref()));
    settings.expectNoMessage(Duration.ofMillis(200));
    event.tell(new EntryPointMessage.Tell(entryPoints.ref()));
    entryPoints.expectNoMessage(Duration.ofMillis(200));
  }

  @Test
  void an_event_leads_where_it_was_said_last() {
    ActorRef<EntryPointMessage> event = KIT.spawn(new EntryPointEntity(id, Tenure.ALWAYS));
    EntryPoint one = new EntryPoint("a", "org", true);
    EntryPoint two = new EntryPoint("b", "org", false);
    event.tell(new EntryPointMessage.Remove(entryPoints.ref()));
    entryPoints.expectMessage(new EntryPointReply(null, null));
    event.tell(new EntryPointMessage.Put(one, entryPoints.ref()));
    entryPoints.expectMessage(new EntryPointReply(null, one));
    event.tell(new EntryPointMessage.Put(two, entryPoints.ref()));
    entryPoints.expectMessage(new EntryPointReply(one, two));
    KIT.stop(event);
    ActorRef<EntryPointMessage> again = KIT.spawn(new EntryPointEntity(id, Tenure.ALWAYS));
    again.tell(new EntryPointMessage.Tell(entryPoints.ref()));
    entryPoints.expectMessage(new EntryPointReply(two, two));
    again.tell(new EntryPointMessage.Remove(entryPoints.ref()));
    entryPoints.expectMessage(new EntryPointReply(two, null));
    assertThat(journal.persistedInStorage("WebchatEvent|" + id)).hasSize(3);
  }

  @Test
  void a_key_tells_its_organization_and_no_two_are_alike() {
    for (String organization : List.of("a", "org_1", "x".repeat(128), "a.b:c-d")) {
      String key = ApiKeys.make(organization);
      assertThat(ApiKeys.organizationOf(key)).contains(organization);
      assertThat(ApiKeys.make(organization)).isNotEqualTo(key);
    }
    for (String none : List.of("", "wc_", "wc_YQ", "wc_YQ.short", "xx_YQ." + "A".repeat(32))) {
      assertThat(ApiKeys.organizationOf(none)).isEmpty();
    }
  }
}
