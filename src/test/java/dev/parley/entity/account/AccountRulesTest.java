package dev.parley.entity.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.entity.account.AccountState.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What may happen to accounts, in the words of the contract. */
class AccountRulesTest {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
  private static final Duration WEEK = Duration.ofDays(7);

  private Instant now = NOON;

  /** An entity without its actor. */
  private final class Entity {
    private AccountState state;

    private Entity(AccountKind kind) {
      state = kind.empty();
    }

    private AccountReply ask(AccountCommand command) {
      Decision decision = state.decide(command, now);
      AccountEvent event = decision.event();
      if (event != null) {
        state = state.apply(event);
      }
      return decision.reply();
    }

    private boolean changesBy(AccountCommand command) {
      return state.decide(command, now).event() != null;
    }
  }

  private static AccountReply.User user(AccountReply reply) {
    return (AccountReply.User) reply;
  }

  private Entity signedUp() {
    Entity user = new Entity(AccountKind.USER);
    user.ask(new AccountCommand.SignUp("a@b.c", "hash"));
    return user;
  }

  @Test
  void an_address_is_taken_once() {
    Entity user = signedUp();
    assertThat(user.ask(new AccountCommand.SignUp("a@b.c", "other")))
        .isEqualTo(new AccountReply.EmailTaken());
    assertThat(user.ask(new AccountCommand.Credentials()))
        .isEqualTo(new AccountReply.UserCredentials("hash", 0));
  }

  @Test
  void nobody_is_there_before_the_sign_up() {
    Entity user = new Entity(AccountKind.USER);
    for (AccountCommand command :
        List.of(
            new AccountCommand.Credentials(),
            new AccountCommand.LookAtUser(),
            new AccountCommand.Settle("org"),
            new AccountCommand.LogOutEverywhere())) {
      assertThat(user.changesBy(command)).isFalse();
      assertThat(user.ask(command)).isEqualTo(new AccountReply.NoSuchUser());
    }
  }

  @Test
  void the_first_who_settles_makes_the_organization_and_the_others_find_it() {
    Entity user = signedUp();
    assertThat(user(user.ask(new AccountCommand.LookAtUser())).currentOrganization()).isNull();
    AccountReply.User settled = user(user.ask(new AccountCommand.Settle("org-1")));
    assertThat(settled.organizations()).containsExactly("org-1");
    assertThat(settled.currentOrganization()).isEqualTo("org-1");
    assertThat(user.changesBy(new AccountCommand.Settle("org-2"))).isFalse();
    assertThat(user.ask(new AccountCommand.Settle("org-2"))).isEqualTo(settled);
  }

  @Test
  void without_a_current_organization_the_first_is_chosen_and_stored() {
    Entity user = new Entity(AccountKind.USER);
    user.state = new User("a@b.c", "hash", NOON, List.of("org-1", "org-2"), null, 0);
    assertThat(user(user.ask(new AccountCommand.Settle("org-3"))).currentOrganization())
        .isEqualTo("org-1");
    AccountReply.User stored = user(user.ask(new AccountCommand.LookAtUser()));
    assertThat(stored.currentOrganization()).isEqualTo("org-1");
    assertThat(stored.organizations()).containsExactly("org-1", "org-2");
  }

  @Test
  void logging_out_everywhere_begins_a_new_generation() {
    Entity user = signedUp();
    assertThat(user(user.ask(new AccountCommand.LogOutEverywhere())).generation()).isEqualTo(1);
    assertThat(user(user.ask(new AccountCommand.LogOutEverywhere())).generation()).isEqualTo(2);
  }

  @Test
  void an_organization_stays_what_it_was_established_as() {
    Entity organization = new Entity(AccountKind.ORGANIZATION);
    assertThat(organization.ask(new AccountCommand.LookAtOrganization()))
        .isEqualTo(new AccountReply.NoSuchOrganization());
    AccountReply first = organization.ask(new AccountCommand.Establish("Mine", 2_000, "u"));
    assertThat(organization.ask(new AccountCommand.Establish("Other", 1, "v"))).isEqualTo(first);
    assertThat(organization.ask(new AccountCommand.LookAtOrganization())).isEqualTo(first);
  }

  private Entity begun() {
    Entity session = new Entity(AccountKind.BROWSER_SESSION);
    session.ask(new AccountCommand.Begin("u", 3, WEEK));
    return session;
  }

  private static final AccountCommand LOOK = new AccountCommand.LookAtSession(null);
  private static final AccountCommand SLIDE = new AccountCommand.LookAtSession(WEEK);

  @Test
  void a_session_is_over_when_its_time_is() {
    Entity session = begun();
    now = NOON.plus(WEEK).minusMillis(1);
    assertThat(session.ask(LOOK))
        .isEqualTo(new AccountReply.Session("u", 3, NOON.plus(WEEK), false));
    now = NOON.plus(WEEK);
    assertThat(session.ask(LOOK)).isEqualTo(new AccountReply.NoSuchSession());
    assertThat(session.ask(SLIDE)).isEqualTo(new AccountReply.NoSuchSession());
    assertThat(session.changesBy(new AccountCommand.End())).isFalse();
  }

  @Test
  void a_session_slides_at_most_once_an_hour() {
    Entity session = begun();
    now = NOON.plus(Duration.ofMinutes(60)).minusMillis(1);
    assertThat(session.changesBy(SLIDE)).isFalse();
    now = NOON.plus(Duration.ofMinutes(60));
    assertThat(session.changesBy(LOOK)).isFalse();
    assertThat(session.ask(SLIDE))
        .isEqualTo(new AccountReply.Session("u", 3, now.plus(WEEK), true));
    assertThat(session.changesBy(SLIDE)).isFalse();
    now = now.plus(WEEK).minusMillis(1);
    assertThat(session.ask(LOOK)).isInstanceOf(AccountReply.Session.class);
  }

  @Test
  void an_ended_session_never_begins_again() {
    Entity session = begun();
    assertThat(session.ask(new AccountCommand.End())).isEqualTo(new AccountReply.SessionEnded());
    assertThat(session.ask(LOOK)).isEqualTo(new AccountReply.NoSuchSession());
    assertThat(session.ask(new AccountCommand.Begin("v", 0, WEEK)))
        .isEqualTo(new AccountReply.NoSuchSession());
    assertThat(session.ask(LOOK)).isEqualTo(new AccountReply.NoSuchSession());
  }

  private Entity offered() {
    Entity handOff = new Entity(AccountKind.HAND_OFF);
    assertThat(handOff.ask(new AccountCommand.Offer("o", "u", "{}")))
        .isEqualTo(new AccountReply.Waiting(NOON.plus(Duration.ofMinutes(20))));
    return handOff;
  }

  private static final AccountCommand TAKE = new AccountCommand.Take();

  /** When the first and the second come, in minutes and milliseconds, and what they hear. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, Given, 0, Consumed",
    "19, 59999, Given, 20, Consumed",
    "0, 0, Given, 1439, Consumed",
    "0, 0, Given, 1440, NoSuchHandOff",
    "20, 0, Expired, 20, Expired",
    "20, 0, Expired, 1459, Expired",
    "20, 0, Expired, 1460, NoSuchHandOff",
    "1459, 59999, Expired, 1460, NoSuchHandOff",
    "1460, 0, NoSuchHandOff, 1461, NoSuchHandOff",
  })
  void a_hand_off_is_given_once_within_its_time_and_its_end_is_told_for_a_day(
      long minutes, long millis, String first, long laterMinutes, String second) {
    Entity handOff = offered();
    now = NOON.plus(Duration.ofMinutes(minutes)).plusMillis(millis);
    assertThat(handOff.ask(TAKE).getClass().getSimpleName()).isEqualTo(first);
    now = NOON.plus(Duration.ofMinutes(laterMinutes));
    assertThat(handOff.ask(TAKE).getClass().getSimpleName()).isEqualTo(second);
  }

  @Test
  void what_happened_first_stays_whatever_another_clock_says() {
    Entity expired = offered();
    now = NOON.plus(Duration.ofMinutes(20));
    expired.ask(TAKE);
    now = NOON;
    assertThat(expired.ask(TAKE)).isEqualTo(new AccountReply.Expired());
    Entity consumed = offered();
    consumed.ask(TAKE);
    now = NOON.plus(Duration.ofMinutes(21));
    assertThat(consumed.ask(TAKE)).isEqualTo(new AccountReply.Consumed());
  }

  @Test
  void what_was_never_offered_is_unknown_and_nothing_is_stored_for_it() {
    Entity handOff = new Entity(AccountKind.HAND_OFF);
    assertThat(handOff.changesBy(TAKE)).isFalse();
    assertThat(handOff.ask(TAKE)).isEqualTo(new AccountReply.NoSuchHandOff());
  }

  @Test
  void a_consumed_hand_off_holds_nothing_any_more() {
    Entity handOff = offered();
    handOff.ask(TAKE);
    assertThat(((HandOff) handOff.state).config()).isEmpty();
    assertThat(((HandOff) handOff.state).organizationId()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(AccountKind.class)
  void a_command_for_another_kind_is_a_mistake(AccountKind kind) {
    List<AccountCommand> all =
        List.of(
            new AccountCommand.LookAtUser(), new AccountCommand.LookAtOrganization(), LOOK, TAKE);
    for (AccountKind other : AccountKind.values()) {
      if (other != kind) {
        assertThatThrownBy(() -> kind.empty().decide(all.get(other.ordinal()), NOON))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }
}
