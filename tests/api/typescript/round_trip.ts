// Makes a task, lists, takes it back and lists again, through the generated client; prints what it saw as JSON.
import { createTask, listTasks, undoChange } from "./client/index.js";
import { client } from "./client/client.gen.js";

declare const process: { argv: string[] };
const [address, token] = process.argv.slice(2);

client.setConfig({ baseUrl: address, auth: `Token ${token}`, throwOnError: true });

const made = await createTask({ body: { title: "Call mum", due: "2027-01-04T09:00:00+01:00" }, throwOnError: true });
const listed = await listTasks({ throwOnError: true });
const undone = await undoChange({ path: { change_set_id: made.data.change_set }, throwOnError: true });
const after = await listTasks({ throwOnError: true });

console.log(
  JSON.stringify({
    made: { id: made.data.task.id, title: made.data.task.title, due: made.data.task.due },
    listed: listed.data.results.map((task) => task.id),
    undone: undone.data.results.flatMap((result) => result.undone?.map((each) => each.title) ?? []),
    after: after.data.results.length,
  }),
);
