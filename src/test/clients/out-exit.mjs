// Appends over HTTP/2 and has nothing more to do. Nobody ends this process: it goes when the server has
// closed the connection that nobody uses.
import { sessions } from "@trigger.dev/sdk";
import { step } from "./program.mjs";

const externalId = process.argv[2];
await sessions.start({ type: "out", externalId, taskIdentifier: "t", triggerConfig: { basePayload: {} } });
const { out } = sessions.open(externalId);
await out.append("first");
await out.append("last");
const done = Date.now();
const connections = process.getActiveResourcesInfo().filter((resource) => resource.startsWith("TCPSocket")).length;
step("appended", { connections });
process.on("exit", () => step("exit", { millis: Date.now() - done }));
