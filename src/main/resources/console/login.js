/** The page before the key is known. */
import { h, fill, problemLine } from "./elements.js";
import { signIn } from "./server.js";

/** Shows it there; onDone is called when the key has been taken. */
export function showLogin(root, onDone) {
  const problem = problemLine();
  const input = h("input", {
    id: "key",
    type: "password",
    required: true,
    autocomplete: "current-password",
    spellcheck: "false",
    "aria-describedby": "key-hint",
  });
  const button = h("button", { class: "main" }, "Sign in");
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    problem.textContent = "";
    try {
      await signIn(input.value.trim());
      onDone();
    } catch (error) {
      problem.textContent = error.message;
      input.select();
    } finally {
      button.disabled = false;
    }
  };
  fill(
    root,
    h(
      "div",
      { class: "login card" },
      h("h1", { tabindex: -1 }, "Parley console"),
      h(
        "form",
        { onsubmit: submit },
        h("label", { for: "key" }, "Secret key"),
        input,
        h("p", { id: "key-hint", class: "small" }, "It is kept in this tab alone, until it is closed or you sign out."),
        button,
      ),
      problem,
    ),
  );
  input.focus();
}
